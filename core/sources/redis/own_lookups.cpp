// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/own_lookups.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace cachedeck {

namespace {

using namespace std::chrono_literals;

// A page of keys takes a few milliseconds, and so does INFO.
constexpr auto longestWaitForPage = 250ms, longestWaitForInfo = 50ms;

/// What the answer looks like when the key is not there.
enum class Miss { Nil, None, MinusTwo, Zero, Number, EmptyScan, Untold };

struct Row {
  std::string_view name;
  Miss miss;
};

using enum Miss;

// Sorted by name. MEMORY USAGE, SCAN without TYPE, WATCH, DBSIZE and everything that writes count nothing.
constexpr std::array rows = std::to_array<Row>({
    {"DUMP", Nil}, {"EXISTS", Number}, {"EXPIRETIME", MinusTwo}, {"GET", Nil}, {"GETRANGE", Untold}, {"HGET", Untold}, {"HLEN", Zero}, {"HSCAN", EmptyScan},
    {"HSTRLEN", Untold}, {"LINDEX", Untold}, {"LLEN", Zero}, {"LRANGE", Untold}, {"OBJECT", Nil}, {"PEXPIRETIME", MinusTwo}, {"PTTL", MinusTwo}, {"SCARD", Zero},
    {"SSCAN", EmptyScan}, {"STRLEN", Untold}, {"TTL", MinusTwo}, {"TYPE", None}, {"XINFO", Untold}, {"XLEN", Untold}, {"XRANGE", Untold}, {"ZCARD", Zero}, {"ZRANGE", Untold}, {"ZSCAN", EmptyScan},
});

const Row* rowOf(const QList<QByteArray>& command) {
  if (command.isEmpty()) return nullptr;
  const QByteArray name = command.first().toUpper();
  const std::string_view wanted(name.constData(), static_cast<std::size_t>(name.size()));
  const auto row = std::ranges::lower_bound(rows, wanted, {}, &Row::name);
  return row != rows.end() && row->name == wanted ? &*row : nullptr;
}

bool isEmptyScan(const Reply& reply) {
  const Reply::Item root = reply.root();
  if (root.size() != 2) return false;
  auto part = root.begin();
  const bool over = (*part).text() == QByteArrayView("0");
  return over && (*++part).size() == 0;
}

bool isMiss(Miss miss, const Reply& reply) {
  switch (miss) {
    case Nil: return reply.type() == Reply::Type::Nil;
    case None: return reply.text() == QByteArrayView("none");
    case MinusTwo: return reply.integer() == -2;
    case Zero: return reply.type() == Reply::Type::Integer && reply.integer() == 0;
    case EmptyScan: return isEmptyScan(reply);
    case Number:
    case Untold: return false;
  }
  return false;
}

}  // namespace

LookupCounts lookupsOf(const QList<QByteArray>& command, const Reply& reply) {
  const Row* row = rowOf(command);
  if (!row) return {};
  if (reply.isError()) {
    const bool found = reply.text().startsWith(QByteArrayView("WRONGTYPE")) || reply.text().contains(QByteArrayView("LFU maxmemory policy"));
    return found ? LookupCounts{1, 0} : LookupCounts{};  // refused before the key is looked up
  }
  if (reply.type() == Reply::Type::Status && reply.text() == QByteArrayView("QUEUED")) return {};  // only rehearsed
  if (row->miss == Number) return {reply.integer(), std::max<qint64>(0, command.size() - 1 - reply.integer())};
  return isMiss(row->miss, reply) ? LookupCounts{0, 1} : LookupCounts{1, 0};
}

ServerLookups::Stillness::Stillness(ServerLookups* lookups) : counts(lookups ? lookups->hold() : LookupCounts()), m_lookups(lookups) {}

ServerLookups::Stillness::~Stillness() {
  if (m_lookups) m_lookups->release();
}

LookupCounts ServerLookups::hold() {
  std::unique_lock lock(m_mutex);
  ++m_held;
  m_changed.wait_for(lock, longestWaitForPage, [&] { return m_underWay == 0; });
  return m_counts;
}

void ServerLookups::release() {
  const std::scoped_lock lock(m_mutex);
  --m_held;
  m_changed.notify_all();
}

void ServerLookups::begin() {
  std::unique_lock lock(m_mutex);
  m_changed.wait_for(lock, longestWaitForInfo, [&] { return m_held == 0; });
  ++m_underWay;
}

void ServerLookups::end() {
  const std::scoped_lock lock(m_mutex);
  --m_underWay;
  m_changed.notify_all();
}

void ServerLookups::add(const LookupCounts& more) {
  const std::scoped_lock lock(m_mutex);
  m_counts.hits += more.hits;
  m_counts.misses += more.misses;
}

LookupCounts ServerLookups::counts() const {
  const std::scoped_lock lock(m_mutex);
  return m_counts;
}

ServerLookups& LookupBook::of(const QString& endpoint) {
  const std::scoped_lock lock(m_mutex);
  return m_servers[endpoint];
}

void LookupMeter::asked(std::span<const QList<QByteArray>> commands) {
  if (!m_lookups) return;
  const qsizetype before = m_open;
  for (const QList<QByteArray>& command : commands) {
    const bool counts = rowOf(command) != nullptr;
    m_asked.push_back(counts ? command : QList<QByteArray>());
    m_open += counts;
  }
  if (before == 0 && m_open > 0) m_lookups->begin();
}

void LookupMeter::answered(std::span<const Reply> replies) {
  if (!m_lookups) return;
  LookupCounts sum;
  const qsizetype before = m_open;
  for (std::size_t i = 0; i < replies.size() && !m_asked.empty(); ++i) {
    const LookupCounts counted = lookupsOf(m_asked.front(), replies[i]);
    sum.hits += counted.hits;
    sum.misses += counted.misses;
    m_open -= !m_asked.front().isEmpty();
    m_asked.pop_front();
  }
  if (sum != LookupCounts()) m_lookups->add(sum);
  if (before > 0 && m_open == 0) m_lookups->end();
}

void LookupMeter::dropped() {
  m_asked.clear();
  if (m_open > 0) m_lookups->end();
  m_open = 0;
}

}  // namespace cachedeck
