// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/exchange.h"
#include "core/cacheaside/pool.h"

namespace cachedeck::sample {

/// The pool as requests use it: 5 s at most for a connection, then 10 s for a statement.
class Database {
 public:
  /// The pool must outlive this.
  Database(cacheaside::Pool& pool, std::chrono::duration<double> cost, std::stop_token stop) : m_pool(pool), m_cost(cost), m_stop(std::move(stop)) {}

  /// A connection. To have waited too long for one is Unavailable, so that Timeout always means a statement.
  cacheaside::Outcome<cacheaside::Lease> lease() const;
  cacheaside::Outcome<cacheaside::Rows> query(cacheaside::Lease& lease, const char* sql, std::span<const cacheaside::Parameter> parameters) const;
  /// Both.
  cacheaside::Outcome<cacheaside::Rows> query(const char* sql, std::span<const cacheaside::Parameter> parameters) const;
  /// $1 of a statement of a route whose factor this is.
  std::string seconds(double factor) const;
  cacheaside::Pool& pool() const { return m_pool; }

 private:
  cacheaside::Pool& m_pool;
  const std::chrono::duration<double> m_cost;
  const std::stop_token m_stop;
};

/// What a client is told of it: 503, 504 or 500. The details go to the log, not to the client.
Reply databaseReply(const cacheaside::Failure& failure);

}  // namespace cachedeck::sample
