// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/ttl_histogram.h"

#include <QHash>

namespace cachedeck::keys {

/// What makes a cliff.
struct CliffRule {
  qint64 windowMs = 15000;
  qint64 leastKeys = 1000;
  double leastShare = 0.05;
};

/// How many keys of one prefix expire when, in slots of wall clock whose width can be doubled: the counts stay exact, the moments become coarser.
class ExpirySlots {
 public:
  explicit ExpirySlots(qint64 slotMs = 1000);
  void add(qint64 expiresAtMs);
  void widen();
  qint64 keys() const { return m_keys; }
  qint64 slotMs() const { return m_slotMs; }
  qsizetype slots() const { return m_counts.size(); }
  /// Windows that do not overlap, most keys first. None when a slot is wider than four windows: then nobody can say how sharp it is.
  QList<TtlCliff> cliffs(const CliffRule& rule, qsizetype limit) const;

 private:
  qint64 m_slotMs;
  qint64 m_keys = 0;
  QHash<qint64, qint64> m_counts;
};

}  // namespace cachedeck::keys
