// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/database.h"

#include "app/sample/log.h"

#include <array>

namespace cachedeck::sample {

using namespace cacheaside;
using namespace std::chrono_literals;
using Kind = Failure::Kind;

namespace {

std::string beginSql(Time until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  // A client's timeouts are noticed by PostgreSQL only if it is told of them; 0 would mean none.
  const std::string milliseconds = std::to_string(std::max<std::int64_t>(left.count(), 1));
  return "BEGIN; SET LOCAL statement_timeout = " + milliseconds + "; SET LOCAL idle_in_transaction_session_timeout = " + milliseconds;
}

}  // namespace

Outcome<Lease> Database::lease(Time deadline) const {
  Outcome<Lease> lease = m_pool.acquire(deadline, m_stop);
  if (lease) return lease;
  const Failure& failure = lease.error();
  if (failure.kind == Kind::Closed) return failure;
  if (failure.kind == Kind::Timeout)  // all connections are in use, so there is a server
    logSparingly("database: " + failure.message);
  else
    m_availability.lost(failure.message);
  return Failure{Kind::Unavailable, failure.message};
}

// An answer of the server's, a refusal too, shows that it is there.
Outcome<Rows> Database::noted(Outcome<Rows> rows) const {
  if (rows || rows.error().kind == Kind::Query)
    m_availability.found();
  else if (rows.error().kind == Kind::Unavailable)
    m_availability.lost(rows.error().message);
  return rows;
}

Outcome<Rows> Database::query(Time since, const char* sql, Parameters parameters) const {
  return queryBy(since + untilConnected, since + untilDone, sql, parameters);
}

Outcome<Rows> Database::queryBy(Time connected, Time done, const char* sql, Parameters parameters) const {
  const Outcome<Lease> connection = lease(connected);
  if (!connection) return connection.error();
  return noted((*connection)->query(sql, parameters, done, m_stop));
}

Database::Changed Database::change(Time since, const char* sql, Parameters parameters) const {
  const Time until = since + untilDone;
  const Outcome<Lease> connection = lease(since + untilConnected);
  if (!connection) return {connection.error()};
  if (const Outcome<void> begun = (*connection)->script(beginSql(until - 500ms), until, m_stop); !begun) return {noted(begun.error())};
  Outcome<Rows> rows = noted((*connection)->query(sql, parameters, until, m_stop));
  if (!rows) return {rows};  // the connection's return to the pool rolls back
  const int process = (*connection)->serverPid();
  const Outcome<void> committed = (*connection)->script("COMMIT", until, m_stop);
  if (committed) return {rows};
  const bool refused = committed.error().kind == Kind::Query;
  return {noted(committed.error()), refused ? 0 : process};
}

Outcome<bool> Database::isOver(int process) const {
  const std::array<Parameter, 1> parameters{std::to_string(process)};
  const Outcome<Rows> rows = queryBy(in(1s), in(2s), "SELECT 1 FROM pg_stat_activity WHERE pid = $1::int", parameters);
  if (!rows) return rows.error();
  return rows->rows.empty();
}

void Database::lookAgain() const {
  if (m_availability.away()) static_cast<void>(queryBy(in(1s), in(1s), "SELECT 1", {}));
}

PoolHealth Database::health(Time deadline) const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  PoolHealth health = m_pool.health(left, m_stop);
  if (health.answers)
    m_availability.found();
  else if (!m_stop.stop_requested())
    m_availability.lost(health.problem);
  return health;
}

std::string Database::seconds(double factor) const { return std::to_string(m_cost.count() * factor); }

Reply databaseReply(const Failure& failure) {
  switch (failure.kind) {
    case Kind::Closed: return busyReply("Too many requests wait already, or the service is about to stop. Try again in a moment.");
    // Why is logged once, when the database goes.
    case Kind::Unavailable: return busyReply("The database cannot be reached, or has no connection free. Try again in a moment.");
    case Kind::Timeout:
    case Kind::Auth:
    case Kind::Usage:
    case Kind::Query: break;
  }
  logSparingly("database: " + failure.message);
  if (failure.kind == Kind::Timeout) return errorReply(504, "The database did not answer within 10 s.");
  return errorReply(500, "The database refused the statement.");
}

}  // namespace cachedeck::sample
