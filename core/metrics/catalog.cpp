// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metric.h"

#include <QHash>
#include <QtGlobal>

#include <cmath>

namespace cachedeck {

namespace {

#define ID(text) QLatin1String(text)
#define TR(text) QT_TRANSLATE_NOOP("Metric", text)

// Thresholds are those of the reference system (hit ratio 75 %, memory 85 %, 40 connections, mean query 1 s).
// PromQL works with redis_exporter 1.45–1.86 and postgres_exporter 0.11.1 (with the shipped queries.yaml) to 0.19.
const MetricInfo rows[] = {
    {ID("redis.ops"), TR("operations"), Unit::PerSecond, TR("Commands processed per second (INFO total_commands_processed)"),
     Judge::None, NAN, NAN, "sum(rate(redis_commands_processed_total{$selector}[$window]))"},
    {ID("redis.hits"), TR("hits"), Unit::PerSecond, TR("Key look-ups that found the key, per second (INFO keyspace_hits)"),
     Judge::None, NAN, NAN, "sum(rate(redis_keyspace_hits_total{$selector}[$window]))"},
    {ID("redis.misses"), TR("misses"), Unit::PerSecond, TR("Key look-ups that found nothing, per second (INFO keyspace_misses)"),
     Judge::None, NAN, NAN, "sum(rate(redis_keyspace_misses_total{$selector}[$window]))"},
    {ID("redis.hit_ratio"), TR("hit ratio"), Unit::Percent, TR("Hits over look-ups since the last sample"), Judge::LowIsBad, 75, 50,
     "100 * sum(rate(redis_keyspace_hits_total{$selector}[$window])) / (sum(rate(redis_keyspace_hits_total{$selector}[$window])) + sum(rate(redis_keyspace_misses_total{$selector}[$window])) > 0)"},
    {ID("redis.hit_ratio_lifetime"), TR("hit ratio since start"), Unit::Percent, TR("Hits over look-ups since the server started or its statistics were reset"),
     Judge::None, NAN, NAN, "100 * sum(redis_keyspace_hits_total{$selector}) / (sum(redis_keyspace_hits_total{$selector}) + sum(redis_keyspace_misses_total{$selector}) > 0)"},
    {ID("redis.memory_used"), TR("used"), Unit::Bytes, TR("Bytes allocated by Redis (INFO used_memory)"), Judge::None, NAN, NAN,
     "max(redis_memory_used_bytes{$selector})"},
    {ID("redis.memory_limit"), TR("maxmemory"), Unit::Bytes, TR("Configured memory limit (INFO maxmemory); absent when unlimited"),
     Judge::None, NAN, NAN, "max(redis_memory_max_bytes{$selector} > 0)"},
    {ID("redis.memory_used_percent"), TR("used of maxmemory"), Unit::Percent, TR("Used memory over maxmemory; absent when unlimited"),
     Judge::HighIsBad, 75, 85, "100 * max(redis_memory_used_bytes{$selector}) / max(redis_memory_max_bytes{$selector} > 0)"},
    {ID("redis.memory_rss"), TR("resident"), Unit::Bytes, TR("Resident set of the server process (INFO used_memory_rss)"),
     Judge::None, NAN, NAN, "max(redis_memory_used_rss_bytes{$selector})"},
    {ID("redis.memory_peak"), TR("peak"), Unit::Bytes, TR("Highest used memory since start (INFO used_memory_peak)")},
    {ID("redis.fragmentation"), TR("fragmentation"), Unit::None, TR("Resident over used memory (INFO mem_fragmentation_ratio)")},
    {ID("redis.evicted"), TR("evicted"), Unit::PerSecond, TR("Keys evicted under memory pressure, per second (INFO evicted_keys)"),
     Judge::HighIsBad, 1, 1000, "sum(rate(redis_evicted_keys_total{$selector}[$window]))"},
    {ID("redis.expired"), TR("expired"), Unit::PerSecond, TR("Keys whose TTL ran out, per second (INFO expired_keys)"), Judge::None, NAN, NAN,
     "sum(rate(redis_expired_keys_total{$selector}[$window]))"},
    {ID("redis.keys"), TR("keys"), Unit::Count, TR("Keys in all databases (INFO keyspace)"), Judge::None, NAN, NAN,
     "sum(redis_db_keys{$selector})"},
    {ID("redis.keys_with_ttl"), TR("keys with TTL"), Unit::Count, TR("Keys that carry an expiry (INFO keyspace)"), Judge::None, NAN, NAN,
     "sum(redis_db_keys_expiring{$selector})"},
    {ID("redis.clients"), TR("clients"), Unit::Count, TR("Connected clients (INFO connected_clients)"), Judge::None, NAN, NAN,
     "max(redis_connected_clients{$selector})"},
    {ID("redis.blocked_clients"), TR("blocked clients"), Unit::Count, TR("Clients waiting in a blocking command (INFO blocked_clients)")},
    {ID("redis.rejected"), TR("rejected"), Unit::PerSecond, TR("Connections refused at maxclients, per second (INFO rejected_connections)"),
     Judge::HighIsBad, 0.001, 1},
    {ID("redis.errors"), TR("error replies"), Unit::PerSecond, TR("Error replies per second (INFO total_error_replies)")},
    {ID("redis.net_in"), TR("network in"), Unit::BytesPerSecond, TR("Bytes received per second (INFO total_net_input_bytes)")},
    {ID("redis.net_out"), TR("network out"), Unit::BytesPerSecond, TR("Bytes sent per second (INFO total_net_output_bytes)")},
    {ID("redis.cpu"), TR("CPU"), Unit::Percent, TR("Processor time of the server, user and system, per second of one core")},
    {ID("redis.command_mean"), TR("mean command time"), Unit::Seconds, TR("Server time per command since the last sample (INFO commandstats)")},
    {ID("redis.round_trip"), TR("round trip"), Unit::Seconds, TR("Time from sending INFO to its whole reply, seen from here")},

    {ID("postgres.active"), TR("active"), Unit::Count, TR("Sessions running a statement (pg_stat_activity), without those that wait for a lock"),
     Judge::None, NAN, NAN, "sum(pg_stat_activity_count{$selector,state=\"active\"})"},
    {ID("postgres.idle"), TR("idle"), Unit::Count, TR("Sessions waiting for a command"), Judge::None, NAN, NAN,
     "sum(pg_stat_activity_count{$selector,state=\"idle\"})"},
    {ID("postgres.idle_in_transaction"), TR("idle in tx"), Unit::Count, TR("Sessions idle inside an open transaction, aborted ones included"),
     Judge::None, NAN, NAN, "sum(pg_stat_activity_count{$selector,state=~\"idle in transaction.*\"})"},
    {ID("postgres.waiting"), TR("waiting"), Unit::Count, TR("Active sessions that wait for a lock")},
    {ID("postgres.other"), TR("other"), Unit::Count, TR("Sessions whose state is hidden from this role, disabled, fastpath, or walsender")},
    {ID("postgres.connections"), TR("connections"), Unit::Count, TR("Client sessions in all states, this console's own left out"), Judge::HighIsBad, 40, NAN,
     "sum(pg_stat_activity_count{$selector})"},
    {ID("postgres.max_connections"), TR("max_connections"), Unit::Count, TR("Limit of the server"), Judge::None, NAN, NAN,
     "max(pg_settings_max_connections{$selector})"},
    {ID("postgres.blocked"), TR("blocked"), Unit::Count, TR("Sessions blocked by another session (pg_blocking_pids)"), Judge::HighIsBad, 1, 10},
    {ID("postgres.longest_query"), TR("longest query"), Unit::Seconds, TR("Age of the oldest statement that still runs"), Judge::HighIsBad, 30, 300},
    {ID("postgres.transactions"), TR("transactions"), Unit::PerSecond, TR("Commits and rollbacks per second (pg_stat_database)"), Judge::None, NAN, NAN,
     "sum(rate(pg_stat_database_xact_commit{$selector}[$window])) + sum(rate(pg_stat_database_xact_rollback{$selector}[$window]))"},
    {ID("postgres.rollbacks"), TR("rollbacks"), Unit::PerSecond, TR("Rollbacks per second (pg_stat_database)"), Judge::None, NAN, NAN,
     "sum(rate(pg_stat_database_xact_rollback{$selector}[$window]))"},
    {ID("postgres.buffer_hit_ratio"), TR("buffer hit ratio"), Unit::Percent, TR("Blocks found in shared buffers since the last sample (pg_stat_database)"),
     Judge::LowIsBad, 95, 80,
     "100 * sum(rate(pg_stat_database_blks_hit{$selector}[$window])) / (sum(rate(pg_stat_database_blks_hit{$selector}[$window])) + sum(rate(pg_stat_database_blks_read{$selector}[$window])) > 0)"},
    {ID("postgres.blocks_hit"), TR("blocks found"), Unit::PerSecond, TR("Blocks found in shared buffers per second (pg_stat_database)"), Judge::None, NAN, NAN,
     "sum(rate(pg_stat_database_blks_hit{$selector}[$window]))"},
    {ID("postgres.blocks_read"), TR("blocks read"), Unit::PerSecond, TR("Blocks read into shared buffers per second (pg_stat_database)"), Judge::None, NAN, NAN,
     "sum(rate(pg_stat_database_blks_read{$selector}[$window]))"},
    {ID("postgres.calls"), TR("calls"), Unit::PerSecond, TR("Statements finished per second (pg_stat_statements)"), Judge::None, NAN, NAN,
     "sum(rate(pg_stat_statements_calls_total{$selector}[$window]))"},
    {ID("postgres.query_mean"), TR("mean"), Unit::Seconds, TR("Mean execution time of the statements finished since the last sample (pg_stat_statements)"),
     Judge::HighIsBad, 1, NAN,
     "sum(rate(pg_stat_statements_seconds_total{$selector}[$window])) / (sum(rate(pg_stat_statements_calls_total{$selector}[$window])) > 0)"},
    {ID("postgres.query_max"), TR("slowest"), Unit::Seconds,
     TR("Slowest statement since the last sample: a newly reached maximum where there is one, else the highest mean of one statement (pg_stat_statements)"),
     Judge::None, NAN, NAN,
     "max(rate(pg_stat_statements_seconds_total{$selector}[$window]) / (rate(pg_stat_statements_calls_total{$selector}[$window]) > 0))"},
    {ID("postgres.deadlocks"), TR("deadlocks"), Unit::PerSecond, TR("Deadlocks per second (pg_stat_database)"), Judge::HighIsBad, 0.001, 1},
    {ID("postgres.temp_bytes"), TR("temporary files"), Unit::BytesPerSecond, TR("Bytes written to temporary files per second (pg_stat_database)")},
    {ID("postgres.round_trip"), TR("round trip"), Unit::Seconds, TR("Time of the sampling queries, seen from here")},

    {ID("prometheus.targets_up"), TR("targets up"), Unit::Count, TR("Scrape targets that answer (/api/v1/targets)")},
    {ID("prometheus.targets_down"), TR("targets down"), Unit::Count, TR("Scrape targets that do not answer (/api/v1/targets)"), Judge::HighIsBad, 1, NAN},
    {ID("prometheus.alerts_firing"), TR("firing"), Unit::Count, TR("Alerts that fire (/api/v1/alerts)"), Judge::HighIsBad, 1, NAN},
    {ID("prometheus.alerts_pending"), TR("pending"), Unit::Count, TR("Alerts that wait for their time (/api/v1/alerts)")},
    {ID("prometheus.round_trip"), TR("round trip"), Unit::Seconds, TR("Time of the status requests, seen from here")},
};

#undef ID
#undef TR

}  // namespace

std::span<const MetricInfo> metricCatalog() { return rows; }

const MetricInfo* findMetric(QLatin1String id) {
  static const QHash<QLatin1String, const MetricInfo*> byId = [] {
    QHash<QLatin1String, const MetricInfo*> map;
    for (const MetricInfo& row : rows) map.insert(row.id, &row);
    return map;
  }();
  return byId.value(id, nullptr);
}

Level judge(const MetricInfo& metric, double value) {
  if (metric.judge == Judge::None || std::isnan(value)) return Level::Good;
  const bool high = metric.judge == Judge::HighIsBad;
  const auto beyond = [&](double threshold) {
    return !std::isnan(threshold) && (high ? value >= threshold : value < threshold);
  };
  if (beyond(metric.critical)) return Level::Critical;
  return beyond(metric.warning) ? Level::Warning : Level::Good;
}

}  // namespace cachedeck
