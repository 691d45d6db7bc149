// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/spool.h"

namespace cachedeck::keys {

/// Names on their way to the spool. Of a cluster, the names of one slot are put side by side as far as they come within one block of memory, since one transaction may touch one slot only; slots
/// that follow one another are then those of different servers.
class SlotOrder {
 public:
  static constexpr std::size_t blockNames = 500'000;
  static constexpr qsizetype blockBytes = 16 << 20;

  /// `bySlot` false: names go through as they come.
  SlotOrder(SpoolWriter& spool, bool bySlot) : m_spool(spool), m_bySlot(bySlot) {}
  Result<void> add(QByteArrayView name);
  Result<void> flush();

 private:
  struct Entry {
    std::uint32_t order, begin, size;
  };
  SpoolWriter& m_spool;
  const bool m_bySlot;
  QByteArray m_bytes;
  std::vector<Entry> m_entries;
};

}  // namespace cachedeck::keys
