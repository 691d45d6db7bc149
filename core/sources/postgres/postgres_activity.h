// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_rows.h"

#include <QLatin1String>

#include <utility>

namespace cachedeck {

using PostgresValues = std::vector<std::pair<QLatin1String, double>>;

/// One look at pg_stat_activity and pg_stat_database. NaN where the role may not see it.
struct PostgresActivity {
  double serverSeconds = 0;   ///< server's clock, seconds since the epoch
  double startedSeconds = 0;  ///< pg_postmaster_start_time, same clock
  bool standby = false;
  double active = 0, idle = 0, idleInTransaction = 0, waiting = 0, other = 0;
  double blocked = 0;
  double longestSeconds = 0;

  /// Sums over all databases since they were created or their statistics reset.
  struct Totals {
    double databases = 0, resetSeconds = 0;
    double commits = 0, rollbacks = 0, hits = 0, reads = 0, deadlocks = 0, temporaryBytes = 0;
  } totals;
};

/// One row: client backends and walsenders other than our own session by state, and the sums of pg_stat_database.
const QByteArray& activitySql();

/// `readsAllStats` false: another role's state is hidden, so only sessions can be counted, and who waits is not known.
PostgresActivity readActivity(const PostgresRows& rows, bool readsAllStats);

/// What holds at this moment: sessions by state, blocked sessions, the longest statement.
PostgresValues momentary(const PostgresActivity& now);

enum class StepKind {
  Continued,  ///< rates can be told
  Changed,    ///< the sums cannot be compared (a database was dropped): a gap in the rates
  Restarted,  ///< the server or its statistics started anew
};
/// How the sums of two looks at the same session relate.
StepKind stepKind(const PostgresActivity& before, const PostgresActivity& now);

/// Rates per second and the buffer hit ratio (percent of block requests, absent without any) of a Continued step of
/// `seconds`. Transactions include our own, two in each sample.
PostgresValues rates(const PostgresActivity& before, const PostgresActivity& now, double seconds);

/// The length of a step in seconds: the server's clock, or this machine's where the server's was set meanwhile.
/// 0 when no time passed.
double stepSeconds(double serverBefore, double serverNow, double localSeconds);

}  // namespace cachedeck
