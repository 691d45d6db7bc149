// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/ttl_histogram.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace cachedeck::keys {

namespace {

constexpr qint64 second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

}  // namespace

const QList<TtlHistogram::Class>& TtlHistogram::classes() {
  static const QList<Class> all{{"no TTL", -1},           {"< 10 s", 10 * second}, {"< 1 min", minute}, {"< 10 min", 10 * minute},
                                {"< 1 h", hour},          {"< 6 h", 6 * hour},     {"< 1 d", day},      {"< 7 d", 7 * day},
                                {"< 30 d", 30 * day},     {"≥ 30 d", std::numeric_limits<qint64>::max()}};
  return all;
}

TtlHistogram::TtlHistogram() : m_counts(classes().size(), 0) {}

void TtlHistogram::add(qint64 ttlMs, qint64 count) {
  if (ttlMs == -1) {
    m_counts.first() += count;
    return;
  }
  // An expiry that has just passed (a negative rest) is due now. The last class holds the largest number too.
  const QList<Class>& all = classes();
  const auto found = std::upper_bound(all.cbegin() + 1, all.cend() - 1, ttlMs, [](qint64 ttl, const Class& one) { return ttl < one.belowMs; });
  m_counts[found - all.cbegin()] += count;
}

qint64 TtlHistogram::total() const { return std::accumulate(m_counts.cbegin(), m_counts.cend(), qint64{0}); }

QJsonObject TtlHistogram::toJson() const {
  QJsonObject json;
  for (qsizetype i = 0; i < m_counts.size(); ++i)
    if (m_counts[i] != 0) json[QString::fromUtf8(classes()[i].label)] = m_counts[i];
  return json;
}

}  // namespace cachedeck::keys
