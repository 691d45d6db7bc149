// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pg_connection.h"
#include "core/cacheaside/pool_options.h"

#include <cstdint>
#include <memory>

namespace cachedeck::cacheaside {

/// The figures of a pool at one moment; counters run since its start. What shutdown() closes is in none of them.
struct PoolStats {
  enum class Level { Normal, Warning, Critical };
  int maxOpen = 0;
  int open = 0;   ///< in use, idle, and those being opened or closed
  int inUse = 0;
  int idle = 0;
  int waiting = 0;                       ///< callers that wait for a connection now
  std::uint64_t waits = 0;               ///< callers that had to wait
  std::chrono::nanoseconds waitTime{0};  ///< what they waited, together
  std::uint64_t timeouts = 0;            ///< of those, the ones that got none before their deadline
  std::uint64_t opened = 0;
  std::uint64_t openFailures = 0;
  std::uint64_t closedMaxIdle = 0;
  std::uint64_t closedLifetime = 0;
  std::uint64_t closedIdleTime = 0;
  std::uint64_t closedBroken = 0;
  Level level = Level::Normal;           ///< of `open` against the two thresholds
};

/// The answer of a health check.
struct PoolHealth {
  bool answers = false;
  bool usedUp = false;  ///< all connections were in use all the while: the server was asked over one beside the pool
  std::chrono::nanoseconds took{0};
  std::string problem;  ///< one sentence when it does not answer, or when the pool is used up
  PoolStats stats;
};

class PoolState;

/// A connection on loan; it goes back to the pool at the end of its life, after a rollback where a transaction is still open.
class Lease {
 public:
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;
  ~Lease();
  PgConnection* operator->() const;
  PgConnection& operator*() const;

 private:
  friend class PoolState;
  Lease(std::shared_ptr<PoolState> state, std::unique_ptr<PgConnection> connection, Time born);
  void giveBack();
  std::shared_ptr<PoolState> m_state;
  std::unique_ptr<PgConnection> m_connection;
  Time m_born;
};

/// A pool of PostgreSQL connections for many threads. Connections are opened when first needed; the one used last is handed
/// out first; waiting callers are served in the order they came. A connection that broke is closed, never handed out again.
class Pool {
 public:
  /// Usage when the options are not valid, or libpq does not accept the connection string. Opens nothing yet.
  static Outcome<std::unique_ptr<Pool>> make(std::string conninfo, const PoolOptions& options);
  ~Pool();

  /// Timeout when no connection came free in time (the message has the pool's figures), Unavailable or Auth when one could
  /// not be opened (within connectTimeout, too), Closed after shutdown() or when stop was requested.
  Outcome<Lease> acquire(Time deadline, std::stop_token stop = {});
  /// acquire() and one statement.
  Outcome<Rows> query(const std::string& sql, std::span<const Parameter> parameters, Time deadline, std::stop_token stop = {});

  const PoolOptions& options() const;
  PoolStats stats() const;
  /// Asks the server for a sign of life; never takes longer than `within`. When no connection comes free in a third of that time, at most a second, it
  /// is asked over one more, which is closed again: a pool that is used up is no server that is away.
  PoolHealth health(std::chrono::milliseconds within = std::chrono::seconds(3), std::stop_token stop = {});
  /// No further connection is handed out; idle ones are closed, those on loan as they come back. True when all were
  /// closed before the deadline. Waiting callers get Closed.
  bool shutdown(Time deadline);

 private:
  explicit Pool(std::shared_ptr<PoolState> state);
  std::shared_ptr<PoolState> m_state;
};

}  // namespace cachedeck::cacheaside
