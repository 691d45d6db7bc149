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
// PromQL works with redis_exporter 1.45–1.86 and postgres_exporter 0.11.1 (with the shipped queries.yaml) to 0.19; that of
// "app." with what cachedeck-sample shows at /metrics. A counter with labels comes into being with its first event, hence
// "or 0 * …": none so far is 0, and nothing at all stays nothing.
// The scrapes themselves are no requests of anybody: an idle service would seem busy.
#define RATE(series) "sum(rate(" series "[$window]))"
#define USERS "{$selector,route!=\"/metrics\"}"
#define OF_REQUESTS RATE("http_requests_total" USERS)
#define OF_ERRORS "(" RATE("http_request_errors_total" USERS) " or 0 * " OF_REQUESTS ")"
#define QUANTILE(share) "histogram_quantile(" share ", sum by (le) (rate(http_request_duration_seconds_bucket" USERS "[$window])))"
#define OF_LOOKUPS(more) RATE("cache_requests_total{$selector" more "}")
#define HIT_RATIO(more) "100 * (" OF_LOOKUPS(more ",result=\"hit\"") " or 0 * " OF_LOOKUPS(more) ") / (" OF_LOOKUPS(more) " > 0)"
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

    {ID("app.requests"), TR("requests"), Unit::PerSecond, TR("Requests that the service answered per second, scrapes left out (http_requests_total)"),
     Judge::None, NAN, NAN, OF_REQUESTS},
    {ID("app.errors"), TR("errors"), Unit::PerSecond, TR("Requests that the service failed to answer, per second (http_request_errors_total)"),
     Judge::None, NAN, NAN, OF_ERRORS},
    {ID("app.error_ratio"), TR("error ratio"), Unit::Percent, TR("Failed requests over all requests of the service"), Judge::HighIsBad, 0.1, 1,
     "100 * " OF_ERRORS " / (" OF_REQUESTS " > 0)"},
    {ID("app.latency_mean"), TR("latency mean"), Unit::Seconds, TR("Mean time from a request to its answer (http_request_duration_seconds)"),
     Judge::HighIsBad, 0.05, 0.2,
     RATE("http_request_duration_seconds_sum" USERS) " / (" RATE("http_request_duration_seconds_count" USERS) " > 0)"},
    {ID("app.latency_p50"), TR("latency p50"), Unit::Seconds, TR("Half of the requests were answered within this time (http_request_duration_seconds)"),
     Judge::None, NAN, NAN, QUANTILE("0.5")},
    {ID("app.latency_p95"), TR("latency p95"), Unit::Seconds, TR("95 of 100 requests were answered within this time (http_request_duration_seconds)"),
     Judge::HighIsBad, 0.1, 0.3, QUANTILE("0.95")},
    {ID("app.latency_p99"), TR("latency p99"), Unit::Seconds, TR("99 of 100 requests were answered within this time (http_request_duration_seconds)"),
     Judge::HighIsBad, 0.2, 0.5, QUANTILE("0.99")},
    {ID("app.hit_ratio"), TR("hit ratio"), Unit::Percent,
     TR("Share of the service's cacheable answers that came from its cache; what bypassed a cache that was away counts as not (cache_requests_total)"),
     Judge::LowIsBad, 75, 50, HIT_RATIO("")},
    {ID("app.hit_ratio_risk"), TR("hit ratio risk"), Unit::Percent, TR("Share of the answers of class risk that came from the cache (cache_requests_total)"),
     Judge::LowIsBad, 75, 50, HIT_RATIO(",class=\"risk\"")},
    {ID("app.hit_ratio_dashboard"), TR("hit ratio dashboard"), Unit::Percent,
     TR("Share of the answers of class dashboard that came from the cache (cache_requests_total)"), Judge::LowIsBad, 75, 50,
     HIT_RATIO(",class=\"dashboard\"")},
    {ID("app.hit_ratio_connector"), TR("hit ratio connector"), Unit::Percent,
     TR("Share of the answers of class connector that came from the cache (cache_requests_total)"), Judge::LowIsBad, 75, 50,
     HIT_RATIO(",class=\"connector\"")},
    {ID("app.hit_ratio_marketplace"), TR("hit ratio marketplace"), Unit::Percent,
     TR("Share of the answers of class marketplace that came from the cache (cache_requests_total)"), Judge::LowIsBad, 75, 50,
     HIT_RATIO(",class=\"marketplace\"")},
    {ID("app.pool_in_use"), TR("pool in use"), Unit::Count, TR("Connections of the service's pool that a request holds (db_pool_in_use_connections)"),
     Judge::None, NAN, NAN, "sum(db_pool_in_use_connections{$selector})"},
    {ID("app.pool_idle"), TR("pool idle"), Unit::Count, TR("Open connections of the service's pool that nobody holds (db_pool_idle_connections)"),
     Judge::None, NAN, NAN, "sum(db_pool_idle_connections{$selector})"},
    {ID("app.pool_max"), TR("pool max"), Unit::Count, TR("Limit of the service's pool, of all its instances together (db_pool_max_open_connections)"),
     Judge::None, NAN, NAN, "sum(db_pool_max_open_connections{$selector})"},
    {ID("app.pool_waiting"), TR("pool waiting"), Unit::Count, TR("Requests that wait for a connection of the pool (db_pool_waiting_requests)"),
     Judge::HighIsBad, 1, NAN, "sum(db_pool_waiting_requests{$selector})"},
    {ID("app.pool_waits"), TR("pool waits"), Unit::PerSecond, TR("Requests per second that had to wait for a connection of the pool (db_pool_waits_total)"),
     Judge::None, NAN, NAN, RATE("db_pool_waits_total{$selector}")},
    {ID("app.cpu"), TR("CPU"), Unit::Percent, TR("Processor time of the service per second of one core (process_cpu_seconds_total)"),
     Judge::None, NAN, NAN, "100 * " RATE("process_cpu_seconds_total{$selector}")},
};

#undef HIT_RATIO
#undef OF_LOOKUPS
#undef QUANTILE
#undef OF_ERRORS
#undef OF_REQUESTS
#undef USERS
#undef RATE
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

QLatin1String sourceOf(const MetricInfo& metric) {
  const QLatin1String group = metric.id.left(metric.id.indexOf(QLatin1Char('.')));
  return group == QLatin1String("app") ? QLatin1String("prometheus") : group;
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
