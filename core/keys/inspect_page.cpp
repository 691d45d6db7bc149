// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect_page.h"

#include "core/base/text.h"

#include <limits>

namespace cachedeck::keys {

namespace {

constexpr qint64 pageBytes = 4 << 20;  // what a page of average elements may weigh
constexpr int mostRows = 10'000;
constexpr int mostScans = 64;  // of a table that has shrunk, whole pages are empty

}  // namespace

std::optional<PagePosition> PagePosition::parse(const QByteArray& text) {
  const qsizetype slash = text.indexOf('/');
  PagePosition position{slash < 0 ? text : text.first(slash), std::nullopt};
  if (slash < 0) return position;
  position.most = digitsOf(QByteArrayView(text).sliced(slash + 1));
  return position.most.value_or(0) > 0 ? std::optional(position) : std::nullopt;
}

PageReader::PageReader(RedisConnection& connection, const QByteArray& name, const QByteArray& type, const std::stop_token& stop)
    : m_connection(connection), m_name(name), m_stop(stop) {
  m_page.type = type;
}

Error PageReader::wrongPosition() const {
  return fail(Error::Kind::Usage, QStringLiteral("This is not a position in a value of type %1. Begin with the first page.").arg(printable(m_page.type, 32)));
}

Result<Reply> PageReader::ask(const RedisCommand& command) {
  Result<Reply> reply = m_connection.command(command, Deadline(requestDeadline), m_stop);
  // A reply that never ended was carried out all the same.
  m_lookups += reply ? countedLookups(command, *reply) : reply.error().kind == Error::Kind::Protocol ? 1 : 0;
  if (reply && reply->isError() && command.first() != "MEMORY") return reply->text().startsWith("WRONGTYPE") ? changedType(m_connection) : m_connection.error(*reply);
  return reply;
}

Result<ValuePage> PageReader::read(const PagePosition& position, int rows) {
  m_page.rows.clear();
  m_page.next.clear();
  Result<ValuePage> page = m_page.type == "string" ? readString(position) : readRows(position, rows);
  if (page) page->ownLookups = m_lookups;
  return page;
}

/// One byte more than is shown tells whether there is a next page.
Result<ValuePage> PageReader::readString(const PagePosition& from) {
  const std::optional<qint64> offset = from.at.isEmpty() ? 0 : digitsOf(from.at);
  if (!offset || *offset > std::numeric_limits<qint64>::max() - ValuePage::stringPiece) return wrongPosition();
  const RedisCommand command{"GETRANGE", m_name, QByteArray::number(*offset), QByteArray::number(*offset + ValuePage::stringPiece)};
  const Result<Reply> reply = ask(command);
  if (!reply) return reply.error();
  const QByteArrayView text = reply->text();
  if (reply->type() != Reply::Type::Text || text.size() > ValuePage::stringPiece + 1) return misfit(m_connection, command);
  m_page.offset = *offset;
  m_page.text = text.first(qMin<qsizetype>(text.size(), ValuePage::stringPiece)).toByteArray();
  if (text.size() > ValuePage::stringPiece) m_page.next = QByteArray::number(*offset + ValuePage::stringPiece);
  return m_page;
}

Result<ValuePage> PageReader::readRows(PagePosition from, int rows) {
  if (from.at.isEmpty() && !from.most) {
    const Result<void> measured = measure(from);
    if (!measured) return measured.error();
  }
  const int most = static_cast<int>(qMin<qint64>(rows, from.most.value_or(rows)));
  const bool isStream = m_page.type == "stream", isList = m_page.type == "list";
  const Result<void> result = isStream ? readStream(from, most) : isList ? readList(from, most) : readScan(from, most);
  if (!result) return result.error();
  if (!m_page.next.isEmpty()) m_page.next = PagePosition{m_page.next, from.most}.text();
  return m_page;
}

/// Once a value, for the first page: how many rows of it weigh pageBytes. Only a large one costs a look-up.
Result<void> PageReader::measure(PagePosition& from) {
  const RedisCommand usage{"MEMORY", "USAGE", m_name};
  const Result<Reply> bytes = ask(usage);
  if (!bytes) return bytes.error();
  if (!bytes->isError() && bytes->type() != Reply::Type::Nil && bytes->type() != Reply::Type::Integer) return misfit(m_connection, usage);
  if (bytes->integer() <= pageBytes) return {};
  const RedisCommand count{lengthCommand(m_page.type), m_name};
  const Result<Reply> length = ask(count);
  if (!length) return length.error();
  if (length->type() != Reply::Type::Integer) return misfit(m_connection, count);
  from.most = qMax<qint64>(1, pageBytes / qMax<qint64>(1, bytes->integer() / qMax<qint64>(1, length->integer())));
  return {};
}

Result<void> PageReader::readList(const PagePosition& from, int rows) {
  const std::optional<qint64> index = from.at.isEmpty() ? 0 : digitsOf(from.at);
  if (!index || *index > std::numeric_limits<qint64>::max() - mostRows) return wrongPosition();
  const RedisCommand command{"LRANGE", m_name, QByteArray::number(*index), QByteArray::number(*index + rows)};
  const Result<Reply> reply = ask(command);
  if (!reply) return reply.error();
  if (reply->root().size() > rows + 1 || !listRows(*reply, *index, rows, m_page.rows)) return misfit(m_connection, command);
  if (reply->root().size() > rows) m_page.next = QByteArray::number(*index + rows);
  return {};
}

Result<void> PageReader::readScan(const PagePosition& from, int rows) {
  QByteArray cursor = from.at.isEmpty() ? QByteArray("0") : from.at;
  if (!isUnsigned(cursor)) return wrongPosition();
  const QByteArray name = m_page.type == "hash" ? "HSCAN" : m_page.type == "set" ? "SSCAN" : "ZSCAN";
  for (int scan = 0; scan < mostScans; ++scan) {
    const RedisCommand command{name, m_name, cursor, "COUNT", QByteArray::number(rows)};
    const Result<Reply> reply = ask(command);
    if (!reply) return reply.error();
    if (!scanRows(*reply, m_page.type, m_page.rows, cursor)) return misfit(m_connection, command);
    if (!m_page.rows.isEmpty() || cursor == "0") break;
  }
  m_page.next = cursor == "0" ? QByteArray() : cursor;
  return {};
}

/// One entry more than is shown is where the next page begins.
Result<void> PageReader::readStream(const PagePosition& from, int rows) {
  if (!from.at.isEmpty() && !isStreamId(from.at)) return wrongPosition();
  const RedisCommand command{"XRANGE", m_name, from.at.isEmpty() ? QByteArray("-") : from.at, "+", "COUNT", QByteArray::number(rows + 1)};
  const Result<Reply> reply = ask(command);
  if (!reply) return reply.error();
  if (reply->root().size() > rows + 1 || !streamRows(*reply, rows, m_page.rows, m_page.next)) return misfit(m_connection, command);
  return {};
}

Result<ValuePage> valuePage(RedisConnection& connection, const QByteArray& name, const QByteArray& type, const QByteArray& position, int rows, const std::stop_token& stop) {
  if (lengthCommand(type).isEmpty())
    return fail(Error::Kind::Usage, QStringLiteral("Values of type %1 cannot be shown: it belongs to a module.").arg(printable(type, 32)));
  PageReader reader(connection, name, type, stop);
  std::optional<PagePosition> from = PagePosition::parse(position);
  if (!from || (!position.isEmpty() && from->at.isEmpty())) return fail(Error::Kind::Usage, QStringLiteral("This is not a position in a value. Begin with the first page."));
  // Elements far above the average can make a page larger than a reply may be, which closes the connection: again with fewer of them.
  for (int most = qBound(1, rows, mostRows);; from->most = most) {
    Result<ValuePage> page = reader.read(*from, most);
    if (page || page.error().kind != Error::Kind::Protocol || type == "string" || most == 1) return page;
    most = qMax(1, static_cast<int>(qMin<qint64>(most, from->most.value_or(most))) / 16);
    if (const Result<void> opened = connection.open(stop); !opened) return opened.error();
  }
}

}  // namespace cachedeck::keys
