// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/exchange.h"
#include "app/sample/service/availability.h"
#include "core/cacheaside/pool.h"

namespace cachedeck::sample {

/// The pool as requests use it. All that a request does has its time from one moment, `since` (Exchange::received()): 5 s to get a connection,
/// the wait for a thread included, and 10 s in all.
class Database {
 public:
  using Rows = cacheaside::Rows;
  using Parameters = std::span<const cacheaside::Parameter>;
  template <typename T>
  using Outcome = cacheaside::Outcome<T>;
  using Time = cacheaside::Time;
  static constexpr std::chrono::seconds untilConnected{5}, untilDone{10};

  /// Pool and availability must outlive this.
  Database(cacheaside::Pool& pool, Availability& availability, std::chrono::duration<double> cost, std::stop_token stop)
      : m_pool(pool), m_availability(availability), m_cost(cost), m_stop(std::move(stop)) {}

  /// True when a request that has no connection yet need not ask for one any more.
  static bool tooLate(Time since) { return std::chrono::steady_clock::now() >= since + untilConnected; }

  /// Waiting too long for a connection is Unavailable, so that Timeout always means a statement.
  Outcome<Rows> query(Time since, const char* sql, Parameters parameters) const;

  /// A change whose answer did not come may still be made later: then `doubtful` is the process at PostgreSQL that may do so, else 0.
  struct Changed {
    Outcome<Rows> rows;
    int doubtful = 0;
  };
  /// One statement in a transaction of its own, which PostgreSQL ends by itself within the request's time. So there is doubt only about a
  /// COMMIT that was sent and not answered: what is abandoned before is rolled back.
  Changed change(Time since, const char* sql, Parameters parameters) const;
  /// True when that process has ended; its connection was given up, so it does as soon as it is done.
  Outcome<bool> isOver(int process) const;

  /// Asks the database for a sign of life; answers by the deadline.
  cacheaside::PoolHealth health(Time deadline) const;
  /// Where the database was found to be away, asks whether it is back.
  void lookAgain() const;

  /// $1 of a statement of a route whose factor this is.
  std::string seconds(double factor) const;
  cacheaside::Pool& pool() const { return m_pool; }

 private:
  Outcome<cacheaside::Lease> lease(Time deadline) const;
  Outcome<Rows> queryBy(Time connected, Time done, const char* sql, Parameters parameters) const;
  Outcome<Rows> noted(Outcome<Rows> rows) const;

  cacheaside::Pool& m_pool;
  Availability& m_availability;
  const std::chrono::duration<double> m_cost;
  const std::stop_token m_stop;
};

/// What a client is told of it: 503, 504 or 500. The details go to the log, not to the client.
Reply databaseReply(const cacheaside::Failure& failure);

}  // namespace cachedeck::sample
