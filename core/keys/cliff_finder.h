// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/expiry_slots.h"

#include <QByteArrayView>

namespace cachedeck::keys {

/// Expiry times of all keys and of each first-level prefix, in about 30 MB at most: slots are widened when there are too many, and beyond 4,096 prefixes (ids) further ones
/// only count among all keys.
class CliffFinder {
 public:
  explicit CliffFinder(qint64 slotMs) : m_slotMs(slotMs), m_all(slotMs) {}
  /// `prefix`: the first level with its separator, empty when the name has none.
  void add(QByteArrayView prefix, qint64 expiresAtMs);
  /// Most keys first.
  QList<TtlCliff> find(const CliffRule& rule, qsizetype limit) const;

 private:
  ExpirySlots* slotsOf(QByteArrayView prefix);
  void widenLargest();

  qint64 m_slotMs;
  ExpirySlots m_all;
  QHash<QByteArray, ExpirySlots> m_prefixes;
  qsizetype m_prefixSlots = 0;  ///< of all prefixes together
};

}  // namespace cachedeck::keys
