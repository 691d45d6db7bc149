// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pool_state.h"

#include "core/cacheaside/pg_text.h"

#include <algorithm>

namespace cachedeck::cacheaside {

using Kind = Failure::Kind;

namespace {

constexpr std::chrono::seconds rollbackTime{2};

PoolStats::Level levelOf(int open, const PoolOptions& options) {
  if (open >= options.criticalAt()) return PoolStats::Level::Critical;
  return open >= options.warningAt() ? PoolStats::Level::Warning : PoolStats::Level::Normal;
}

}  // namespace

PoolState::PoolState(std::string conninfo, const PoolOptions& limits) : options(limits), m_conninfo(std::move(conninfo)) {}

Outcome<Lease> PoolState::acquire(Time turnBy, Time deadline, const std::stop_token& stop) {
  if (stop.stop_requested()) return Failure{Kind::Closed, "Stopped before a database connection was asked for."};
  auto slot = claim(turnBy, stop);
  if (!slot) return slot.error();
  while (slot->link) {
    const Counter why = whyUnfit(*slot);
    if (!why) return Lease(shared_from_this(), std::move(slot->link), slot->born);
    replace(*slot, why);
  }
  return open(deadline, stop);
}

PoolState::Counter PoolState::whyExpired(const Slot& slot, Time now) const {
  if (options.maxLifetime.count() && now - slot.born >= options.maxLifetime) return &PoolStats::closedLifetime;
  if (options.maxIdleTime.count() && now - slot.idleSince >= options.maxIdleTime) return &PoolStats::closedIdleTime;
  return nullptr;
}

PoolState::Counter PoolState::whyUnfit(const Slot& slot) const {
  if (const Counter why = whyExpired(slot, std::chrono::steady_clock::now())) return why;
  return slot.link->stillThere() ? nullptr : &PoolStats::closedBroken;
}

void PoolState::replace(Slot& slot, Counter why) {
  slot.link.reset();  // before its place counts as free: the server never sees more than maxOpen
  const std::lock_guard lock(m_mutex);
  ++(m_counters.*why);
  --m_inUse;
  takeSlot(slot);  // succeeds, as one was just freed
  slotsChanged();
}

Outcome<std::unique_ptr<PgConnection>> PoolState::connect(Time deadline, const std::stop_token& stop) {
  std::stop_source either;
  const auto request = [&either] { either.request_stop(); };
  const std::stop_callback byCaller(stop, request), byShutdown(m_shutdown.get_token(), request);
  return PgConnection::open(m_conninfo, std::min(deadline, in(options.connectTimeout)), either.get_token());
}

Outcome<void> PoolState::askBeside(Time deadline, const std::stop_token& stop) {
  const auto opened = connect(deadline, stop);
  if (!opened) return opened.error();
  const auto answer = (*opened)->query("SELECT 1", {}, deadline, stop);
  return answer ? Outcome<void>() : answer.error();
}

Outcome<Lease> PoolState::open(Time deadline, const std::stop_token& stop) {
  auto opened = connect(deadline, stop);
  Lock lock(m_mutex);
  --m_opening;
  if (opened) {
    ++m_counters.opened;
    ++m_inUse;
    const bool tooLate = m_closed;
    lock.unlock();
    Lease lease(shared_from_this(), *std::move(opened), std::chrono::steady_clock::now());
    if (tooLate) return closedFailure();
    return lease;
  }
  const Failure& failure = opened.error();
  if (failure.kind != Kind::Closed) ++m_counters.openFailures;
  slotsChanged();
  if (m_closed) return closedFailure();
  // Timeout is for pools that are used up; here the server is away.
  return failure.kind == Kind::Timeout ? Failure{Kind::Unavailable, failure.message} : failure;
}

void PoolState::giveBack(std::unique_ptr<PgConnection> link, Time born) {
  if (link->usable() && !link->idle()) (void)link->script("ROLLBACK", in(rollbackTime));
  const bool usable = link->usable() && link->idle();
  Slot slot{std::move(link), born, std::chrono::steady_clock::now()};
  Lock lock(m_mutex);
  --m_inUse;
  Counter why = nullptr;
  if (!usable)
    why = &PoolStats::closedBroken;
  else if (!m_closed)
    why = whyExpired(slot, slot.idleSince);
  if (!why && !m_closed && m_waiters.empty() && m_idle.size() >= static_cast<std::size_t>(options.maxIdle)) why = &PoolStats::closedMaxIdle;
  if (why) ++(m_counters.*why);
  if (!why && !m_closed) {
    keepIdle(std::move(slot));
    slotsChanged();
    return;
  }
  ++m_closing;
  lock.unlock();
  slot.link.reset();
  lock.lock();
  --m_closing;
  slotsChanged();
}

PoolStats PoolState::stats() const {
  const std::lock_guard lock(m_mutex);
  PoolStats stats = m_counters;
  stats.maxOpen = options.maxOpen;
  stats.open = taken();
  stats.inUse = m_inUse;
  stats.idle = static_cast<int>(m_idle.size());
  stats.waiting = static_cast<int>(m_waiters.size());
  stats.level = levelOf(stats.open, options);
  return stats;
}

bool PoolState::shutdown(Time deadline) {
  std::vector<Slot> idle;
  Lock lock(m_mutex);
  m_closed = true;
  idle.swap(m_idle);
  m_closing += static_cast<int>(idle.size());
  for (Waiter* const waiter : m_waiters) waiter->wake.notify_one();
  m_wakeCleaner.notify_one();
  lock.unlock();
  m_shutdown.request_stop();
  const int count = static_cast<int>(idle.size());
  idle.clear();
  lock.lock();
  m_closing -= count;
  slotsChanged();
  return m_allClosed.wait_until(lock, std::max(deadline, Time()), [this] { return taken() == 0; });
}

void PoolState::end() {
  (void)shutdown(std::chrono::steady_clock::now());
  if (m_cleaner.joinable()) m_cleaner.join();
}

Failure PoolState::closedFailure() const { return {Kind::Closed, "The pool of database connections is shut down."}; }

}  // namespace cachedeck::cacheaside
