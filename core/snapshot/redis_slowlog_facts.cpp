// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"
#include "core/sources/redis/dial.h"

#include <QRegularExpression>

#include <optional>

namespace cachedeck::snapshot {

namespace {

constexpr char mostEntries[] = "128";
// What a command name is made of. An application that builds commands out of data may send anything in this place.
constexpr qsizetype longestName = 32;

struct Entry {
  qint64 id = 0, wallMs = 0, microseconds = 0;
  QList<QByteArray> arguments;  ///< as the log has them: at most 32, each at most 128 bytes
  QByteArray client, clientName;
};

/// Where a command's keys stand, as COMMAND INFO tells it.
struct KeySpec {
  qint64 first = 0, last = 0, step = 0;
  bool movable = false;  ///< only its arguments tell
};

std::vector<Reply::Item> itemsOf(const Reply::Item& array) {
  std::vector<Reply::Item> items;
  for (const Reply::Item item : array) items.push_back(item);
  return items;
}

std::optional<Entry> entryOf(const Reply::Item& item) {
  const std::vector<Reply::Item> parts = itemsOf(item);
  if (!item.isArray() || parts.size() < 4) return std::nullopt;
  Entry entry{parts[0].integer(), parts[1].integer() * 1000, parts[2].integer(), {}, {}, {}};
  for (const Reply::Item argument : parts[3]) entry.arguments += argument.text().toByteArray();
  if (parts.size() > 4) entry.client = parts[4].text().toByteArray();
  if (parts.size() > 5) entry.clientName = parts[5].text().toByteArray();
  return entry;
}

QByteArray nameOf(const Entry& entry) {
  const QByteArray name = entry.arguments.value(0).toUpper();
  static const QRegularExpression word(QStringLiteral("\\A[A-Z][A-Z0-9._-]*\\z"));
  return name.size() <= longestName && word.match(QString::fromLatin1(name)).hasMatch() ? name : QByteArray("?");
}

/// The log keeps 31 arguments of a longer command, and says of how many more there were.
qint64 argumentsOf(const Entry& entry) {
  static const QRegularExpression more(QStringLiteral("\\A\\.\\.\\. \\((\\d+) more arguments\\)\\z"));
  const QRegularExpressionMatch match = more.match(QString::fromUtf8(entry.arguments.isEmpty() ? QByteArray() : entry.arguments.last()));
  return match.hasMatch() ? entry.arguments.size() - 1 + match.captured(1).toLongLong() : entry.arguments.size();
}

QString keysOf(const Entry& entry, const QMap<QByteArray, KeySpec>& specs) {
  const auto spec = specs.find(nameOf(entry));
  if (spec == specs.end() || spec->movable) return {};
  if (spec->first <= 0 || spec->step <= 0) return QStringLiteral("0");
  const qint64 arguments = argumentsOf(entry), last = spec->last < 0 ? arguments + spec->last : spec->last;
  return QString::number(last < spec->first || arguments <= spec->first ? 0 : (std::min(last, arguments - 1) - spec->first) / spec->step + 1);
}

/// What the server knows of the commands in the log. An account that may not ask gets no numbers of keys.
QMap<QByteArray, KeySpec> keySpecs(RedisConnection& redis, const QList<Entry>& entries, const std::stop_token& stop) {
  RedisCommand question{"COMMAND", "INFO"};
  for (const Entry& entry : entries)
    if (const QByteArray name = nameOf(entry); name != "?" && !question.mid(2).contains(name)) question += name;
  QMap<QByteArray, KeySpec> specs;
  if (question.size() == 2) return specs;
  const Result<Reply> reply = redis.command(question, Deadline(requestDeadline), stop);
  if (!reply || reply->isError()) return specs;
  qsizetype at = 2;
  for (const Reply::Item item : reply->root()) {
    const QByteArray name = question.value(at++);
    const std::vector<Reply::Item> parts = itemsOf(item);
    if (!item.isArray() || parts.size() < 6) continue;
    KeySpec spec{parts[3].integer(), parts[4].integer(), parts[5].integer(), false};
    for (const Reply::Item flag : parts[2]) spec.movable |= flag.text() == "movablekeys";
    specs[name] = spec;
  }
  return specs;
}

QString shown(const Entry& entry, bool withArguments) {
  if (!withArguments) return QString::fromLatin1(nameOf(entry));
  QStringList words;
  for (const QByteArray& argument : entry.arguments) words += QString::fromUtf8(argument);
  return factCell(words.join(QLatin1Char(' ')), 400);
}

QString clientOf(const Entry& entry) {
  const QString name = factBytes(entry.clientName, 80), address = factBytes(entry.client, 80);
  return name.isEmpty() ? address : QStringLiteral("%1 (%2)").arg(address, name);
}

}  // namespace

Result<FactTable> redisSlowLogFacts(FactLinks& links, QStringList&) {
  const Result<RedisConnection*> redis = links.redis();
  if (!redis) return redis.error();
  const Result<Reply> reply = (*redis)->command({"SLOWLOG", "GET", mostEntries}, Deadline(requestDeadline), links.stop);
  if (!reply) return reply.error();
  if (reply->isError()) return (*redis)->error(*reply);
  QList<Entry> entries;
  for (const Reply::Item item : reply->root())
    if (const std::optional<Entry> entry = entryOf(item)) entries += *entry;
  const QMap<QByteArray, KeySpec> specs = keySpecs(**redis, entries, links.stop);
  FactTable table;
  table.columns = {factFigure("Entry"), factText("Time"), factFigure("Duration", "ms"), factText("Command"), factFigure("Keys"), factText("Client")};
  for (const Entry& entry : std::as_const(entries))
    table.rows += QStringList{QString::number(entry.id), factTime(entry.wallMs), factNumber(static_cast<double>(entry.microseconds) / 1000),
                              shown(entry, links.options.slowLogArguments), keysOf(entry, specs), clientOf(entry)};
  return table;
}

}  // namespace cachedeck::snapshot
