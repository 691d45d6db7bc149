// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_text.h"
#include "core/cacheaside/pool_state.h"

#include <algorithm>

namespace cachedeck::cacheaside {

using Kind = Failure::Kind;

bool PoolState::takeSlot(Slot& slot) {
  if (!m_idle.empty()) {
    slot = std::move(m_idle.back());
    m_idle.pop_back();
    ++m_inUse;
    return true;
  }
  if (taken() >= options.maxOpen) return false;
  slot = Slot();
  ++m_opening;
  return true;
}

void PoolState::serveWaiters() {
  while (!m_waiters.empty() && takeSlot(m_waiters.front()->slot)) {
    Waiter* const first = m_waiters.front();
    m_waiters.pop_front();
    first->served = true;
    first->wake.notify_one();  // under the lock: once it is released the waiter may be gone
  }
}

void PoolState::slotsChanged() {
  if (!m_closed) return serveWaiters();
  if (taken() == 0) m_allClosed.notify_all();
}

Outcome<PoolState::Slot> PoolState::claim(Time deadline, const std::stop_token& stop) {
  Lock lock(m_mutex);
  if (m_closed) return closedFailure();
  Slot slot;
  if (m_waiters.empty() && takeSlot(slot)) return slot;  // else it is the others' turn
  return queue(std::move(lock), std::max(deadline, std::chrono::steady_clock::now()), stop);
}

Outcome<PoolState::Slot> PoolState::queue(Lock lock, Time deadline, const std::stop_token& stop) {
  const Time begin = std::chrono::steady_clock::now();
  Waiter self;
  const auto place = m_waiters.insert(m_waiters.end(), &self);
  ++m_counters.waits;
  lock.unlock();  // the callback takes it, at once where stop was requested already
  const std::stop_callback stopped(stop, [this, &self] {
    const std::lock_guard again(m_mutex);
    self.stopped = true;
    self.wake.notify_one();
  });
  lock.lock();
  self.wake.wait_until(lock, deadline, [&] { return self.served || self.stopped || m_closed; });
  m_counters.waitTime += std::chrono::steady_clock::now() - begin;
  Outcome<Slot> outcome = Failure{Kind::Closed, "Stopped while waiting for a database connection."};
  if (self.served) {
    outcome = std::move(self.slot);
  } else {
    m_waiters.erase(place);
    if (m_closed) {
      outcome = closedFailure();
    } else if (!self.stopped) {
      ++m_counters.timeouts;
      outcome = noneCameFree(begin, deadline);
    }
  }
  lock.unlock();  // before the callback is taken back, which waits for it where it runs
  return outcome;
}

Failure PoolState::noneCameFree(Time begin, Time deadline) const {
  const auto are = [](int count) { return std::to_string(count) + (count == 1 ? " is " : " are "); };
  std::string text = "No database connection came free within " + spanText(deadline - begin) + ": " + std::to_string(m_inUse) + " of " +
                     are(options.maxOpen) + "in use";
  if (m_opening > 0) text += ", " + are(m_opening) + "being opened";
  if (const auto others = m_waiters.size(); others > 0) text += ", " + std::to_string(others) + (others == 1 ? " other waits" : " others wait");
  return {Kind::Timeout, text + ". Raise max_open or look for slow statements."};
}

}  // namespace cachedeck::cacheaside
