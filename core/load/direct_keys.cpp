// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/direct_keys.h"

#include "core/load/loop.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr int mostDraws = 8;
constexpr std::int64_t millisecond = 1'000'000, longestMarginNs = 150 * millisecond;
// A cache that was emptied is not made up for by minutes of nothing but hits.
constexpr double mostOwed = 1000;

}  // namespace

DirectKeys::DirectKeys(const CacheAsideWorkload& workload)
    : m_keys(workload.keys), m_target(workload.cache ? workload.hitRatio : -1),
      m_ttlNs(std::min<std::int64_t>(workload.ttl.count(), Millis(std::chrono::hours(24 * 365)).count()) * millisecond), m_marginNs(std::min(longestMarginNs, m_ttlNs / 4)),
      m_epochNs(monotonicNs()) {
  if (workload.distribution == CacheAsideWorkload::Keys::Zipf) m_zipf.emplace(workload.keys, workload.skew);
  if (m_target >= 0) m_until.resize(static_cast<std::size_t>(m_keys) + 1);
}

std::int64_t DirectKeys::draw(Random& random) const {
  return m_zipf ? (*m_zipf)(random) : 1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(m_keys)));
}

void DirectKeys::owe(double hits) { m_owed = std::clamp(m_owed + hits, -mostOwed, mostOwed); }

std::int64_t DirectKeys::storedLately(Random& random, std::int64_t nowNs, std::int64_t otherwise) const {
  const std::size_t known = std::min(m_stored, m_lately.size());
  for (int i = 0; i < mostDraws && known > 0; ++i)
    if (const std::int64_t key = m_lately[random.below(known)]; isCached(key, nowNs)) return key;
  return otherwise;
}

DirectKeys::Choice DirectKeys::forLookUp(Random& random, std::int64_t nowNs) {
  Choice choice;
  choice.key = draw(random);
  if (m_target < 0) return choice;
  owe(m_target);
  choice.plannedHit = m_owed > 0.5;
  if (choice.plannedHit) owe(-1);
  for (int i = 1; i < mostDraws && !isAs(choice.plannedHit, choice.key, nowNs); ++i) choice.key = draw(random);
  const bool found = isAs(choice.plannedHit, choice.key, nowNs);
  if (!found && choice.plannedHit) choice.key = storedLately(random, nowNs, choice.key);
  if (!found && !choice.plannedHit) choice.removeFirst = true;
  if (!isCached(choice.key, nowNs) || choice.removeFirst) removed(choice.key);
  return choice;
}

void DirectKeys::lookedUp(const Choice& choice, std::optional<bool> hit) {
  if (m_target < 0) return;
  if (!hit) owe((choice.plannedHit ? 1 : 0) - m_target);
  else if (*hit != choice.plannedHit) owe(choice.plannedHit ? 1 : -1);
  if (hit && !*hit) removed(choice.key);
}

void DirectKeys::stored(std::int64_t key, std::int64_t nowNs) {
  if (m_target < 0) return;
  m_until[static_cast<std::size_t>(key)] = tickOf(nowNs + m_ttlNs);
  m_lately[m_stored++ % m_lately.size()] = key;
}

void DirectKeys::removed(std::int64_t key) {
  if (m_target >= 0) m_until[static_cast<std::size_t>(key)] = unsure;
}

void DirectKeys::allStored(std::int64_t nowNs) { std::fill(m_until.begin(), m_until.end(), tickOf(nowNs + m_ttlNs)); }

}  // namespace cachedeck::load
