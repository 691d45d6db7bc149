// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pool.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace cachedeck::cacheaside {

/// What Pool and its leases share. Sockets are opened, looked at and closed outside the lock. Whoever waits does so because
/// all slots are taken: each change that frees one serves the first in the queue, on a condition variable of its own.
class PoolState : public std::enable_shared_from_this<PoolState> {
 public:
  PoolState(std::string conninfo, const PoolOptions& options);

  Outcome<void> startCleaner();
  /// Waits for its turn until `turnBy`, and has until `deadline` to open a connection, if need be.
  Outcome<Lease> acquire(Time turnBy, Time deadline, const std::stop_token& stop);
  void giveBack(std::unique_ptr<PgConnection> link, Time born);
  PoolStats stats() const;
  /// A sign of life over a connection of its own, beside the pool's.
  Outcome<void> askBeside(Time deadline, const std::stop_token& stop);
  bool shutdown(Time deadline);
  /// shutdown() without waiting for loans, and the end of the cleaner.
  void end();

  const PoolOptions options;

 private:
  /// One of the maxOpen places: a connection in it, or the right to open one.
  struct Slot {
    std::unique_ptr<PgConnection> link;
    Time born{}, idleSince{};
  };
  struct Waiter {
    Slot slot;
    bool served = false, stopped = false;
    std::condition_variable wake;
  };
  using Counter = std::uint64_t PoolStats::*;
  using Lock = std::unique_lock<std::mutex>;

  // All of these want the lock held, but for those that say otherwise.
  bool takeSlot(Slot& slot);
  void serveWaiters();
  void slotsChanged();
  int taken() const { return m_inUse + m_opening + m_closing + static_cast<int>(m_idle.size()); }
  Failure noneCameFree(Time begin, Time deadline) const;
  Failure closedFailure() const;

  Outcome<Slot> claim(Time deadline, const std::stop_token& stop);             // takes the lock
  Outcome<Slot> queue(Lock lock, Time deadline, const std::stop_token& stop);  // gives the lock up
  Outcome<Lease> open(Time deadline, const std::stop_token& stop);             // without the lock
  Outcome<std::unique_ptr<PgConnection>> connect(Time deadline, const std::stop_token& stop);  // without the lock
  Counter whyUnfit(const Slot& slot) const;                                    // without the lock
  void replace(Slot& slot, Counter why);                                       // without the lock
  Counter whyExpired(const Slot& slot, Time now) const;

  void keepIdle(Slot slot);
  void clean();  // takes the lock
  std::vector<Slot> takeExpired(Time now);
  Time expiryOf(const Slot& slot) const;
  Time nextExpiry() const;

  const std::string m_conninfo;
  std::stop_source m_shutdown;  // ends what is being opened
  mutable std::mutex m_mutex;
  std::vector<Slot> m_idle;  // the one used last is at the back
  std::list<Waiter*> m_waiters;
  int m_inUse = 0, m_opening = 0, m_closing = 0;
  bool m_closed = false;
  PoolStats m_counters;  // only the counters in it
  std::condition_variable m_allClosed;
  std::condition_variable m_wakeCleaner;
  Time m_cleanAt = Time::max();  // when the cleaner looks next
  std::jthread m_cleaner;
};

}  // namespace cachedeck::cacheaside
