// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/slot_order.h"

#include "core/sources/redis/topology.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr std::uint32_t stride = 9973;  // odd, so that every slot has a place of its own; neighbours lie on different servers

}  // namespace

Result<void> SlotOrder::add(QByteArrayView name) {
  if (!m_bySlot) return m_spool.add(name);
  const auto order = static_cast<std::uint32_t>(slotOf(name)) * stride % slotCount;
  m_entries.push_back({order, static_cast<std::uint32_t>(m_bytes.size()), static_cast<std::uint32_t>(name.size())});
  m_bytes.append(name);
  return m_entries.size() < blockNames && m_bytes.size() < blockBytes ? Result<void>() : flush();
}

Result<void> SlotOrder::flush() {
  std::ranges::stable_sort(m_entries, {}, &Entry::order);
  for (const Entry& entry : m_entries)
    if (const Result<void> added = m_spool.add(QByteArrayView(m_bytes).sliced(entry.begin, entry.size)); !added) return added;
  m_entries.clear();
  m_bytes.truncate(0);
  return {};
}

}  // namespace cachedeck::keys
