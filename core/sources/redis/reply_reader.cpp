// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/reply_reader.h"

#include "core/base/text.h"

#include <hiredis.h>

#include <cstring>

namespace cachedeck {

namespace {

constexpr qsizetype slice = 16 << 10;  // bounds what hiredis moves about after each reply it has read
constexpr size_t headerLine = 32;      // no length or integer is longer
constexpr qsizetype prefaceBytes = 16;

// hiredis 1.1 turned the stack of tasks into a table of pointers.
template <typename Reader>
int currentType(const Reader& reader) {
  if (reader.ridx < 0) return -1;
  if constexpr (requires { reader.rstack; })
    return reader.rstack[reader.ridx].type;
  else
    return reader.task[reader.ridx]->type;
}

// The length in a bulk header whose line has arrived; -1 while it has not, or when it is not a number.
std::int64_t announcedLength(const char* header, size_t size) {
  const auto* end = static_cast<const char*>(std::memchr(header, '\r', qMin(size, headerLine)));
  if (!end) return -1;
  bool ok = false;
  const qint64 length = QByteArrayView(header, end).toLongLong(&ok);
  return ok ? length : -1;
}

}  // namespace

void ReplyReader::Deleter::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyReader::ReplyReader() {
  m_reader.reset(redisReaderCreateWithFunctions(objectFunctions()));
  Q_CHECK_PTR(m_reader.get());
  m_reader->privdata = this;
  m_building.m_nodes.clear();
}

ReplyReader::~ReplyReader() = default;

bool ReplyReader::fail(ReplyFault::Kind kind, const QString& what) {
  if (!m_fault) m_fault = ReplyFault{kind, what};
  return false;
}

bool ReplyReader::feed(QByteArrayView bytes) {
  if (m_fault) return false;
  if (!m_recognised && !checkPreface(bytes)) return !m_fault;
  for (qsizetype at = 0; at < bytes.size(); at += slice)
    if (!parse(bytes.sliced(at, qMin(slice, bytes.size() - at)))) return false;
  return true;
}

/// True once the stream is known to begin like RESP2. What begins otherwise is collected until it can be named.
bool ReplyReader::checkPreface(QByteArrayView bytes) {
  if (bytes.isEmpty()) return false;
  if (m_preface.isEmpty() && std::strchr("+-:$*", bytes.front()) && bytes.front() != '\0') return m_recognised = true;
  m_preface.append(bytes.first(qMin(bytes.size(), prefaceBytes - m_preface.size())));
  const char first = m_preface.front();
  if (first == '\x15' || first == '\x16') return fail(ReplyFault::Kind::Tls, QStringLiteral("is a TLS record"));
  if (first != '\0' && std::strchr(">%_,#~(=|!", first))
    return fail(ReplyFault::Kind::Resp3, QStringLiteral("begins with “%1”, a type that only RESP3 has").arg(QLatin1Char(first)));
  if (m_preface.startsWith("HTTP/")) return fail(ReplyFault::Kind::Http, QStringLiteral("is an HTTP response"));
  if (m_preface.size() >= prefaceBytes || m_preface.contains('\n')) end();
  return false;
}

void ReplyReader::end() {
  if (m_fault) return;
  if (!m_preface.isEmpty())
    fail(ReplyFault::Kind::Foreign, printable(m_preface.trimmed(), 4 * prefaceBytes));
  else if (m_reader->len > m_reader->pos || !m_building.m_nodes.empty() || currentType(*m_reader) >= 0)
    fail(ReplyFault::Kind::Cut, QStringLiteral("ends in the middle of a reply"));
}

bool ReplyReader::parse(QByteArrayView bytes) {
  if (redisReaderFeed(m_reader.get(), bytes.data(), static_cast<size_t>(bytes.size())) != REDIS_OK)
    return fail(ReplyFault::Kind::Broken, QStringLiteral("could not be kept in memory"));
  for (;;) {
    void* object = nullptr;
    if (redisReaderGetReply(m_reader.get(), &object) != REDIS_OK)
      return fail(ReplyFault::Kind::Broken, QStringLiteral("breaks the protocol (%1)").arg(printable(QByteArray(m_reader->errstr))));
    if (!object) return checkPending();
    finishReply();
  }
}

/// Refuses what is not here yet, from its header or when its line grows too long (hiredis searches it anew each time).
bool ReplyReader::checkPending() {
  const size_t pending = m_reader->len - m_reader->pos;
  const int type = currentType(*m_reader);
  if (pending == 0 || type < 0) return true;
  if (type == REDIS_REPLY_STRING) {
    const std::int64_t length = announcedLength(m_reader->buf + m_reader->pos, pending);
    if (length > ReplyLimits::text - static_cast<std::int64_t>(m_building.m_text.size()))
      return fail(ReplyFault::Kind::TooBig, QStringLiteral("announces more than %1 MiB of text").arg(ReplyLimits::text >> 20));
    if (static_cast<std::int64_t>(pending) > static_cast<std::int64_t>(headerLine) + qMax<std::int64_t>(length, 0))
      return fail(ReplyFault::Kind::Broken, QStringLiteral("has a length that is not a number on a line of its own"));
  } else if (type == REDIS_REPLY_STATUS || type == REDIS_REPLY_ERROR) {
    if (static_cast<std::int64_t>(pending) > ReplyLimits::line)
      return fail(ReplyFault::Kind::TooBig, QStringLiteral("holds a line of more than %1 bytes").arg(ReplyLimits::line));
  } else if (pending > headerLine) {
    return fail(ReplyFault::Kind::Broken, QStringLiteral("has a length or number that does not end"));
  }
  return true;
}

void ReplyReader::finishReply() {
  std::vector<Reply::Node>& nodes = m_building.m_nodes;
  for (size_t i = nodes.size(); i-- > 0;) {  // from the back, so that the elements of an array are done before it
    if (nodes[i].type != Reply::Type::Array) continue;
    std::uint32_t span = 1;
    for (std::uint32_t element = 0; element < nodes[i].size; ++element) span += nodes[i + span].span;
    nodes[i].span = span;
  }
  m_ready.push_back(std::move(m_building));
  m_building = Reply();
  m_building.m_nodes.clear();
}

std::optional<Reply> ReplyReader::take() {
  if (m_ready.empty()) return std::nullopt;
  Reply reply = std::move(m_ready.front());
  m_ready.pop_front();
  return reply;
}

bool ReplyReader::hasLeftover() const {
  return !m_ready.empty() || m_reader->len > m_reader->pos || !m_building.m_nodes.empty() || !m_preface.isEmpty() || currentType(*m_reader) >= 0;
}

}  // namespace cachedeck
