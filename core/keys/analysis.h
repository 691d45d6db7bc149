// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/prefix_stats.h"

#include <QMap>

namespace cachedeck::keys {

/// One key of the largest.
struct LargeKey {
  QByteArray name;
  QByteArray type;
  qint64 bytes = 0;
  qint64 ttlMs = -1;  ///< -1: no expiry, -2: not read
};

/// The figures of a whole keyspace (or of what a pattern matches), added to key by key; bounded in memory whatever the number of keys.
class Analysis {
 public:
  struct Limits {
    qsizetype largest = 100;                 ///< largest keys that are kept
    qint64 prefixBytes = prefixMemory;  ///< for PrefixStats
    qint64 cliffSlotMs = 1000;               ///< resolution of the expiry times
  };
  Analysis(QByteArray separator, Limits limits);
  ~Analysis();
  Analysis(Analysis&&) noexcept;

  struct Facts {
    QByteArrayView name;
    std::optional<qint64> bytes, ttlMs;  ///< ttlMs -1: no expiry
    QByteArrayView type;                 ///< empty: not known
  };
  /// `nowMs`: wall clock of the server when the TTL was read.
  void add(const Facts& facts, qint64 nowMs);

  qint64 keys() const;
  qint64 bytes() const;  ///< of those that were measured, -1 when none was
  const TtlHistogram& ttls() const;
  QMap<QByteArray, qint64> types() const;
  const PrefixStats& prefixes() const;
  QList<LargeKey> largest() const;  ///< largest first
  /// The sharpest cliffs: windows of at most `windowMs` in which at least `leastKeys` keys and `leastShare` of a first-level prefix's expiring keys end. Most keys first.
  /// All keys together (empty prefix) are only named where no prefix explains it. Expiry times over more than 262,144 slots are kept in wider ones: then `spanMs` is at least one.
  QList<TtlCliff> cliffs(qint64 windowMs = 15000, qint64 leastKeys = 1000, double leastShare = 0.05, qsizetype limit = 10) const;
  /// All of it, for `keys analyse --json`. Names as text with \xNN for what is not printable, as escaped() of inspect.h writes them.
  QJsonObject toJson() const;

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace cachedeck::keys
