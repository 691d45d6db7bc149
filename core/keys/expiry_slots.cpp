// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/expiry_slots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace cachedeck::keys {

namespace {

struct Slot {
  qint64 index, keys;
};

/// Slots [first, last] and what they hold.
struct Window {
  std::size_t first, last;
  qint64 keys;
};

// A server may name any moment. Beyond 70 million years all are one, so that sums of a moment and a span stay in range.
constexpr qint64 farthestMs = std::numeric_limits<qint64>::max() / 4;

qint64 floorDivided(qint64 value, qint64 by) { return value / by - (value % by < 0); }

std::vector<Slot> inOrder(const QHash<qint64, qint64>& counts) {
  std::vector<Slot> slots;
  slots.reserve(static_cast<std::size_t>(counts.size()));
  for (auto at = counts.cbegin(); at != counts.cend(); ++at) slots.push_back({at.key(), at.value()});
  std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.index < b.index; });
  return slots;
}

/// The fullest window that ends with each slot, of those with `least` keys.
std::vector<Window> windowsOf(const std::vector<Slot>& slots, qint64 width, qint64 least) {
  std::vector<Window> windows;
  qint64 sum = 0;
  for (std::size_t first = 0, last = 0; last < slots.size(); ++last) {
    sum += slots[last].keys;
    for (; slots[first].index <= slots[last].index - width; ++first) sum -= slots[first].keys;
    if (sum >= least) windows.push_back({first, last, sum});
  }
  return windows;
}

/// Without the strays at both ends, slots with less than a hundredth of the keys.
void trim(Window& window, const std::vector<Slot>& slots, qint64 least) {
  const qint64 stray = window.keys / 100;
  const auto drop = [&](std::size_t slot) {
    if (window.first == window.last || slots[slot].keys >= stray || window.keys - slots[slot].keys < least) return false;
    window.keys -= slots[slot].keys;
    return true;
  };
  while (drop(window.first)) ++window.first;
  while (drop(window.last)) --window.last;
}

}  // namespace

ExpirySlots::ExpirySlots(qint64 slotMs) : m_slotMs(std::max<qint64>(1, slotMs)) {}

void ExpirySlots::add(qint64 expiresAtMs) {
  ++m_counts[floorDivided(std::clamp(expiresAtMs, -farthestMs, farthestMs), m_slotMs)];
  ++m_keys;
}

void ExpirySlots::widen() {
  if (m_slotMs > std::numeric_limits<qint64>::max() / 2) return;
  QHash<qint64, qint64> wider;
  for (auto at = m_counts.cbegin(); at != m_counts.cend(); ++at) wider[floorDivided(at.key(), 2)] += at.value();
  m_counts = std::move(wider);
  m_slotMs *= 2;
}

QList<TtlCliff> ExpirySlots::cliffs(const CliffRule& rule, qsizetype limit) const {
  if (m_keys == 0 || limit <= 0 || m_slotMs / 4 > rule.windowMs) return {};
  const auto ofShare = static_cast<qint64>(std::ceil(rule.leastShare * static_cast<double>(m_keys)));
  const qint64 least = std::max({qint64{1}, rule.leastKeys, ofShare});
  const std::vector<Slot> slots = inOrder(m_counts);
  std::vector<Window> windows = windowsOf(slots, std::max<qint64>(1, rule.windowMs / m_slotMs), least);
  std::stable_sort(windows.begin(), windows.end(), [](const Window& a, const Window& b) { return a.keys > b.keys; });

  std::vector<Window> taken;
  for (const Window& window : windows) {
    if (static_cast<qsizetype>(taken.size()) == limit) break;
    const auto overlaps = [&](const Window& other) { return window.first <= other.last && other.first <= window.last; };
    if (std::none_of(taken.cbegin(), taken.cend(), overlaps)) taken.push_back(window);
  }
  QList<TtlCliff> cliffs;
  for (Window& window : taken) {
    trim(window, slots, least);
    TtlCliff cliff;
    cliff.fromMs = slots[window.first].index * m_slotMs;
    cliff.spanMs = (slots[window.last].index - slots[window.first].index + 1) * m_slotMs;
    cliff.keys = window.keys;
    cliff.share = static_cast<double>(window.keys) / static_cast<double>(m_keys);
    cliffs.append(cliff);
  }
  return cliffs;
}

}  // namespace cachedeck::keys
