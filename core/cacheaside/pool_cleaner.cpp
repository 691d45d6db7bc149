// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pool_state.h"

#include <algorithm>
#include <system_error>

namespace cachedeck::cacheaside {

Outcome<void> PoolState::startCleaner() {
  if (options.maxLifetime.count() == 0 && options.maxIdleTime.count() == 0) return {};
  try {
    m_cleaner = std::jthread([this] { clean(); });
  } catch (const std::system_error&) {
    return Failure{Failure::Kind::Unavailable, "The pool's cleaning thread cannot be started: the process may have too many threads."};
  }
  return {};
}

void PoolState::keepIdle(Slot slot) {
  const Time expiry = expiryOf(slot);
  m_idle.push_back(std::move(slot));
  if (expiry < m_cleanAt) m_wakeCleaner.notify_one();
}

void PoolState::clean() {
  Lock lock(m_mutex);
  while (!m_closed) {
    auto expired = takeExpired(std::chrono::steady_clock::now());
    if (expired.empty()) {
      m_cleanAt = nextExpiry();
      // Without an end, or the standard library would reckon with a time that it cannot hold.
      if (m_cleanAt == Time::max())
        m_wakeCleaner.wait(lock);
      else
        m_wakeCleaner.wait_until(lock, m_cleanAt);
      continue;
    }
    const int count = static_cast<int>(expired.size());
    m_closing += count;
    lock.unlock();
    expired.clear();
    lock.lock();
    m_closing -= count;
    slotsChanged();
  }
}

std::vector<PoolState::Slot> PoolState::takeExpired(Time now) {
  std::vector<Slot> expired;
  for (Slot& slot : m_idle) {
    const Counter why = whyExpired(slot, now);
    if (!why) continue;
    ++(m_counters.*why);
    expired.push_back(std::move(slot));
  }
  std::erase_if(m_idle, [](const Slot& slot) { return !slot.link; });
  return expired;
}

Time PoolState::expiryOf(const Slot& slot) const {
  Time expiry = Time::max();
  if (options.maxLifetime.count()) expiry = std::min(expiry, slot.born + options.maxLifetime);
  if (options.maxIdleTime.count()) expiry = std::min(expiry, slot.idleSince + options.maxIdleTime);
  return expiry;
}

Time PoolState::nextExpiry() const {
  Time next = Time::max();
  for (const Slot& slot : m_idle) next = std::min(next, expiryOf(slot));
  return next;
}

}  // namespace cachedeck::cacheaside
