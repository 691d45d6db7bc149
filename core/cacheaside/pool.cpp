// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pool.h"

#include "core/cacheaside/pg_target.h"
#include "core/cacheaside/pool_state.h"

#include <algorithm>

namespace cachedeck::cacheaside {

using namespace std::chrono_literals;

Lease::Lease(std::shared_ptr<PoolState> state, std::unique_ptr<PgConnection> connection, Time born)
    : m_state(std::move(state)), m_connection(std::move(connection)), m_born(born) {}

Lease::Lease(Lease&&) noexcept = default;

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  giveBack();
  m_state = std::move(other.m_state);
  m_connection = std::move(other.m_connection);
  m_born = other.m_born;
  return *this;
}

Lease::~Lease() { giveBack(); }

PgConnection* Lease::operator->() const { return m_connection.get(); }
PgConnection& Lease::operator*() const { return *m_connection; }

void Lease::giveBack() {
  if (m_connection) m_state->giveBack(std::move(m_connection), m_born);
}

Outcome<std::unique_ptr<Pool>> Pool::make(std::string conninfo, const PoolOptions& options) {
  if (const auto valid = validate(options); !valid) return valid.error();
  if (const auto readable = checkConninfo(conninfo); !readable) return readable.error();
  auto state = std::make_shared<PoolState>(std::move(conninfo), options);
  if (const auto started = state->startCleaner(); !started) return started.error();
  return std::unique_ptr<Pool>(new Pool(std::move(state)));
}

Pool::Pool(std::shared_ptr<PoolState> state) : m_state(std::move(state)) {}

Pool::~Pool() { m_state->end(); }

Outcome<Lease> Pool::acquire(Time deadline, std::stop_token stop) { return m_state->acquire(deadline, deadline, stop); }

Outcome<Rows> Pool::query(const std::string& sql, std::span<const Parameter> parameters, Time deadline, std::stop_token stop) {
  const auto lease = acquire(deadline, stop);
  if (!lease) return lease.error();
  return (*lease)->query(sql, parameters, deadline, stop);
}

const PoolOptions& Pool::options() const { return m_state->options; }

PoolStats Pool::stats() const { return m_state->stats(); }

PoolHealth Pool::health(std::chrono::milliseconds within, std::stop_token stop) {
  const Time begin = std::chrono::steady_clock::now();
  const std::chrono::nanoseconds span = std::clamp<std::chrono::milliseconds>(within, 0ms, 1h);
  // A little earlier than asked for, since a thread wakes late on a busy machine.
  const Time deadline = begin + span - std::min<std::chrono::nanoseconds>(span / 10, 100ms);
  PoolHealth health;
  Outcome<void> answer;
  if (const auto lease = m_state->acquire(begin + std::min<std::chrono::nanoseconds>(span / 3, 1s), deadline, stop)) {
    const auto rows = (*lease)->query("SELECT 1", {}, deadline, stop);
    if (!rows) answer = rows.error();
  } else {
    health.problem = lease.error().message;
    health.usedUp = lease.error().kind == Failure::Kind::Timeout;
    answer = health.usedUp ? m_state->askBeside(deadline, stop) : lease.error();
  }
  health.answers = answer.ok();
  if (!answer) health.problem = answer.error().message;
  health.took = std::chrono::steady_clock::now() - begin;
  health.stats = stats();
  return health;
}

bool Pool::shutdown(Time deadline) { return m_state->shutdown(deadline); }

}  // namespace cachedeck::cacheaside
