// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/largest_keys.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

bool isLarger(const LargeKey& a, const LargeKey& b) { return a.bytes != b.bytes ? a.bytes > b.bytes : a.name < b.name; }

}  // namespace

void LargestKeys::add(const Analysis::Facts& facts) {
  if (!facts.bytes || m_most <= 0) return;
  if (m_heap.size() >= m_most) {
    // Compared before anything is copied: nearly every key ends here.
    const LargeKey& smallest = m_heap.first();
    if (*facts.bytes < smallest.bytes || (*facts.bytes == smallest.bytes && facts.name.compare(smallest.name) >= 0)) return;
    std::pop_heap(m_heap.begin(), m_heap.end(), isLarger);
    m_heap.removeLast();
  }
  m_heap.append({facts.name.toByteArray(), facts.type.toByteArray(), *facts.bytes, facts.ttlMs.value_or(-2)});
  std::push_heap(m_heap.begin(), m_heap.end(), isLarger);
}

QList<LargeKey> LargestKeys::sorted() const {
  QList<LargeKey> keys = m_heap;
  std::sort(keys.begin(), keys.end(), isLarger);
  return keys;
}

}  // namespace cachedeck::keys
