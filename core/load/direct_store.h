// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pg_connection.h"
#include "core/load/scenario.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace cachedeck::load {

/// The table of the direct workload: cachedeck_load.entry (id bigint primary key, value text), in a schema of its own that carries our mark, and no other data is touched.
///
/// Every run holds an advisory lock, shared, over a connection of its own ("cachedeck-load-control", besides those of the pool). Who gets it exclusively is alone: only
/// then a table of another size is made anew, and only then the schema is dropped at the end. What a killed run left is used when it has the right size, and is dropped by the
/// end of the next run.
class DirectStore {
 public:
  explicit DirectStore(std::string conninfo) : m_conninfo(std::move(conninfo)) {}

  /// Connects and makes the table if need be. What failed, or nothing. A stop ends it at once, and leaves nothing half-made.
  std::string prepare(const CacheAsideWorkload& workload, const std::stop_token& stop);
  /// No other run was there when the table was prepared.
  bool wasAlone() const { return m_wasAlone; }
  /// The table was made anew: what a cache holds is of an earlier one.
  bool wasRemade() const { return m_wasRemade; }

  /// Ends statements that the run gave up, and gets the lock exclusively: false where another run is there, or PostgreSQL is not.
  bool becomeAlone(const std::vector<int>& abandoned, cacheaside::Time deadline, const std::stop_token& stop);
  /// Only after becomeAlone(). What failed, or nothing.
  std::string drop(cacheaside::Time deadline, const std::stop_token& stop);
  void close() { m_control.reset(); }

 private:
  using Rows = cacheaside::Outcome<cacheaside::Rows>;
  Rows ask(const std::string& sql, std::vector<cacheaside::Parameter> parameters = {}, std::chrono::milliseconds most = std::chrono::seconds(30));
  std::string connect(cacheaside::Time deadline);
  std::string mayMake();
  std::string makeTable(const CacheAsideWorkload& workload);
  std::string fill(const CacheAsideWorkload& workload);
  std::string inTransaction(const CacheAsideWorkload& workload);
  bool lockAlone();

  const std::string m_conninfo;
  std::unique_ptr<cacheaside::PgConnection> m_control;
  std::stop_token m_stop;
  bool m_wasAlone = false, m_isOurs = false, m_wasRemade = false;
};

}  // namespace cachedeck::load
