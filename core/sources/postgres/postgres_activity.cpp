// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_activity.h"

#include "core/sources/postgres/postgres_capabilities.h"

#include <cmath>

namespace cachedeck {

const QByteArray& activitySql() {
  // Without pg_read_all_stats other roles' rows carry no backend_type; a user and a database mark the client sessions.
  // pg_blocking_pids locks the lock table for each call: beyond 50 a session that waits for a lock counts as blocked.
  static const QByteArray sql = QByteArray("WITH ") + ownMark + R"( s AS MATERIALIZED (
      SELECT pid, state, query_start, backend_type = 'client backend' AS client, wait_event_type = 'Lock' AS locked,
             row_number() OVER (PARTITION BY wait_event_type) AS turn
      FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND (backend_type IN ('client backend', 'walsender')
            OR (backend_type IS NULL AND usesysid IS NOT NULL AND datid IS NOT NULL))),
    sessions AS (
      SELECT count(*) AS n,
             count(*) FILTER (WHERE client AND state = 'active' AND locked IS NOT TRUE) AS active,
             count(*) FILTER (WHERE client AND state = 'active' AND locked) AS waiting,
             count(*) FILTER (WHERE client AND state = 'idle') AS idle,
             count(*) FILTER (WHERE client AND state LIKE 'idle in transaction%') AS idle_tx,
             count(*) FILTER (WHERE client AND CASE WHEN locked IS NOT TRUE THEN false WHEN turn > 50 THEN true
                                                    ELSE cardinality(pg_blocking_pids(pid)) > 0 END) AS blocked,
             coalesce(max(extract(epoch FROM clock_timestamp() - query_start)) FILTER (WHERE client AND state = 'active'), 0)::float8 AS longest
      FROM s),
    databases AS (
      SELECT count(*) AS databases, sum(xact_commit) AS commits, sum(xact_rollback) AS rollbacks, sum(blks_hit) AS hits,
             sum(blks_read) AS reads, sum(deadlocks) AS deadlocks, sum(temp_bytes) AS temp_bytes,
             coalesce(extract(epoch FROM max(stats_reset)), 0)::float8 AS reset
      FROM pg_stat_database)
    SELECT extract(epoch FROM clock_timestamp())::float8 AS t,
           extract(epoch FROM pg_postmaster_start_time())::float8 AS started, pg_is_in_recovery() AS standby, *
    FROM sessions, databases)";
  return sql;
}

PostgresActivity readActivity(const PostgresRows& rows, bool readsAllStats) {
  const auto number = [&rows](const char* name) { return rows.number(0, rows.column(name)); };
  PostgresActivity activity;
  activity.serverSeconds = number("t");
  activity.startedSeconds = number("started");
  activity.standby = rows.flag(0, rows.column("standby"));
  activity.active = number("active");
  activity.idle = number("idle");
  activity.idleInTransaction = number("idle_tx");
  activity.waiting = number("waiting");
  activity.other = number("n") - activity.active - activity.idle - activity.idleInTransaction - activity.waiting;
  activity.blocked = readsAllStats ? number("blocked") : NAN;
  activity.longestSeconds = readsAllStats ? std::fmax(0, number("longest")) : NAN;
  activity.totals = {number("databases"), number("reset"), number("commits"), number("rollbacks"),
                     number("hits"), number("reads"), number("deadlocks"), number("temp_bytes")};
  return activity;
}

PostgresValues momentary(const PostgresActivity& now) {
  return {{QLatin1String("postgres.active"), now.active},
          {QLatin1String("postgres.idle"), now.idle},
          {QLatin1String("postgres.idle_in_transaction"), now.idleInTransaction},
          {QLatin1String("postgres.waiting"), now.waiting},
          {QLatin1String("postgres.other"), now.other},
          {QLatin1String("postgres.connections"), now.active + now.idle + now.idleInTransaction + now.waiting + now.other},
          {QLatin1String("postgres.blocked"), now.blocked},
          {QLatin1String("postgres.longest_query"), now.longestSeconds}};
}

StepKind stepKind(const PostgresActivity& before, const PostgresActivity& now) {
  // A microsecond is lost where the timestamp becomes a double.
  const auto differ = [](double a, double b) { return std::fabs(a - b) > 1e-3; };
  const PostgresActivity::Totals& a = before.totals;
  const PostgresActivity::Totals& b = now.totals;
  if (differ(before.startedSeconds, now.startedSeconds) || differ(a.resetSeconds, b.resetSeconds)) return StepKind::Restarted;
  const bool wentBack = b.commits < a.commits || b.rollbacks < a.rollbacks || b.hits < a.hits || b.reads < a.reads ||
                        b.deadlocks < a.deadlocks || b.temporaryBytes < a.temporaryBytes;
  return wentBack || b.databases < a.databases ? StepKind::Changed : StepKind::Continued;
}

PostgresValues rates(const PostgresActivity& before, const PostgresActivity& now, double seconds) {
  const PostgresActivity::Totals& a = before.totals;
  const PostgresActivity::Totals& b = now.totals;
  const double hits = b.hits - a.hits;
  const double blocks = hits + b.reads - a.reads;
  return {{QLatin1String("postgres.transactions"), (b.commits - a.commits + b.rollbacks - a.rollbacks) / seconds},
          {QLatin1String("postgres.rollbacks"), (b.rollbacks - a.rollbacks) / seconds},
          {QLatin1String("postgres.blocks_hit"), hits / seconds},
          {QLatin1String("postgres.blocks_read"), (blocks - hits) / seconds},
          {QLatin1String("postgres.buffer_hit_ratio"), blocks > 0 ? 100 * hits / blocks : NAN},
          {QLatin1String("postgres.deadlocks"), (b.deadlocks - a.deadlocks) / seconds},
          {QLatin1String("postgres.temp_bytes"), (b.temporaryBytes - a.temporaryBytes) / seconds}};
}

double stepSeconds(double serverBefore, double serverNow, double localSeconds) {
  const double server = serverNow - serverBefore;
  const bool clockWasSet = !(std::fabs(server - localSeconds) <= 1 + 0.1 * localSeconds);
  return std::fmax(0, clockWasSet ? localSeconds : server);
}

}  // namespace cachedeck
