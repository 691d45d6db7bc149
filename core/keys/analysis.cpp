// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/analysis.h"

#include "core/keys/cliff_finder.h"
#include "core/keys/largest_keys.h"

#include <QtNumeric>

#include <algorithm>
#include <limits>

namespace cachedeck::keys {

namespace {

// A server names a dozen types; one that lies must not fill the memory.
constexpr qsizetype mostTypes = 256, longestType = 256;

qint64 sumOf(qint64 a, qint64 b) {
  qint64 sum = 0;
  if (!qAddOverflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<qint64>::max() : std::numeric_limits<qint64>::min();
}

}  // namespace

class Analysis::Impl {
 public:
  Impl(const QByteArray& separator, const Limits& limits)
      : prefixes(separator, limits.prefixBytes), largest(limits.largest), cliffs(limits.cliffSlotMs), m_separator(separator) {}

  void add(const Facts& facts, qint64 nowMs) {
    ++keys;
    prefixes.add(facts.name, facts.bytes, facts.ttlMs);
    largest.add(facts);
    if (facts.bytes) bytes = sumOf(std::max<qint64>(0, bytes), std::max<qint64>(0, *facts.bytes));
    if (!facts.type.isEmpty()) addType(facts.type);
    if (!facts.ttlMs) return;
    ttls.add(*facts.ttlMs);
    if (*facts.ttlMs != -1) cliffs.add(firstLevel(facts.name), sumOf(nowMs, *facts.ttlMs));
  }

  QMap<QByteArray, qint64> typeCounts() const {
    QMap<QByteArray, qint64> map;
    for (const auto& [type, count] : m_types) map[type] += count;
    return map;
  }

  qint64 keys = 0, bytes = -1;
  TtlHistogram ttls;
  PrefixStats prefixes;
  LargestKeys largest;
  CliffFinder cliffs;

 private:
  void addType(QByteArrayView type) {
    const auto known = std::find_if(m_types.begin(), m_types.end(), [&](const auto& row) { return row.first == type; });
    if (known != m_types.end())
      ++known->second;
    else if (std::ssize(m_types) < mostTypes && type.size() <= longestType)
      m_types.emplace_back(type.toByteArray(), 1);
    else
      ++otherTypes();
  }
  qint64& otherTypes() {
    const QByteArray other = QByteArrayLiteral("other");
    for (auto& [type, count] : m_types)
      if (type == other) return count;
    return m_types.emplace_back(other, 0).second;
  }
  QByteArrayView firstLevel(QByteArrayView name) const {
    const qsizetype at = m_separator.isEmpty() ? -1 : name.indexOf(m_separator);
    return at < 0 ? QByteArrayView() : name.first(at + m_separator.size());
  }

  QByteArray m_separator;
  std::vector<std::pair<QByteArray, qint64>> m_types;
};

Analysis::Analysis(QByteArray separator, Limits limits) : m_impl(std::make_unique<Impl>(separator, limits)) {}
Analysis::~Analysis() = default;
Analysis::Analysis(Analysis&&) noexcept = default;

void Analysis::add(const Facts& facts, qint64 nowMs) { m_impl->add(facts, nowMs); }
qint64 Analysis::keys() const { return m_impl->keys; }
qint64 Analysis::bytes() const { return m_impl->bytes; }
const TtlHistogram& Analysis::ttls() const { return m_impl->ttls; }
QMap<QByteArray, qint64> Analysis::types() const { return m_impl->typeCounts(); }
const PrefixStats& Analysis::prefixes() const { return m_impl->prefixes; }
QList<LargeKey> Analysis::largest() const { return m_impl->largest.sorted(); }

QList<TtlCliff> Analysis::cliffs(qint64 windowMs, qint64 leastKeys, double leastShare, qsizetype limit) const {
  return m_impl->cliffs.find({windowMs, leastKeys, leastShare}, limit);
}

}  // namespace cachedeck::keys
