// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/query_table.h"

namespace cachedeck::doctor {

namespace {

#define SUM(series, by, at) "sum by (" by ") (" series at ")"
// When something grew last, with two minutes more: for so long the sample before is another.
#define LAST_GROWN(now, before) "max_over_time((time() * (" now " - (" before ") > bool 0))[15m:30s])"
#define GOOD(failed, all, by, at) "(" SUM(all, by, at) " - " SUM(failed, by, at) ")"
// Of fifteen minutes, and 0 where none came for 2.5 minutes, since when others went well: Alertmanager tries again after at most 90 s.
#define FAILURES(failed, all, by)                                                                                            \
  "sum by (" by ") (increase(" failed "[15m])) unless (" LAST_GROWN(SUM(failed, by, ""), SUM(failed, by, " offset 2m"))      \
  " < time() - 30) < " LAST_GROWN(GOOD(failed, all, by, ""), GOOD(failed, all, by, " offset 2m")) " or 0 * sum by (" by ") (increase(" failed "[15m]))"

// A counter of a command or an error appears with its first one, of which increase() knows nothing.
#define COUNTED(series) "sum by (instance) (increase(" series "[5m]) > 0 or (" series " unless " series " offset 5m) and on (instance, job) redis_up offset 5m)"

constexpr Question questions[] = {
    {"redis_up", "redis_up"},
    {"pg_up", "pg_up"},
    {"redis_up_sent", "max(timestamp(redis_up))"},
    {"pg_up_sent", "max(timestamp(pg_up))"},
    {"redis_scrape_error", "redis_exporter_last_scrape_error == 1"},
    {"pg_scrape_error", "pg_exporter_last_scrape_error == 1"},
    // A collector that finds no data is 0 as well: only those that have worked before, and have not for a while.
    {"pg_collector_failed", "max_over_time(pg_scrape_collector_success[5m]) == 0 and max_over_time(pg_scrape_collector_success[6h]) == 1 and on (instance, job) pg_up == 1"},
    {"hits", "sum by (instance) (increase(redis_keyspace_hits_total{$redis}[5m]))"},
    {"misses", "sum by (instance) (increase(redis_keyspace_misses_total{$redis}[5m]))"},
    {"evicted", "sum by (instance) (increase(redis_evicted_keys_total{$redis}[5m]))"},
    {"expired", "sum by (instance) (increase(redis_expired_keys_total{$redis}[5m]))"},
    {"stores", "sum by (instance) (increase(redis_commands_total{cmd=~\"set|setex|psetex|setnx|mset|hset\",$redis}[5m]))"},
    {"flushes", COUNTED("redis_commands_total{cmd=~\"flushall|flushdb\",$redis}")},
    {"refused", COUNTED("redis_errors_total{err=\"OOM\",$redis}")},
    {"rejected", "sum by (instance) (increase(redis_rejected_connections_total{$redis}[15m])) > 0"},
    {"notify_failed", FAILURES("alertmanager_notification_requests_failed_total", "alertmanager_notification_requests_total", "integration")},
    {"send_errors", FAILURES("prometheus_notifications_errors_total", "prometheus_notifications_sent_total", "alertmanager")},
    {"pool_max", "sum by (job) (db_pool_max_open_connections{$app})"},
    {"pool_instances", "count by (job) (count by (job, instance) (db_pool_max_open_connections{$app}))"},
    {"cache_down", "cache_up{$app} == 0"},
};

constexpr NeededSeries needed[] = {
    {"redis", "redis_up"},
    {"redis", "redis_commands_processed_total"},
    {"redis", "redis_keyspace_hits_total"},
    {"redis", "redis_keyspace_misses_total"},
    {"redis", "redis_memory_used_bytes"},
    {"redis", "redis_memory_max_bytes"},
    {"redis", "redis_connected_clients"},
    {"postgres", "pg_up"},
    {"postgres", "pg_stat_activity_count"},
    {"postgres", "pg_settings_max_connections"},
    {"postgres", "pg_stat_database_xact_commit"},
};

constexpr RenamedSeries renamed[] = {
    {"pg_stat_statements_calls_total", "pg_stat_statements_calls"},
    {"pg_stat_statements_seconds_total", "pg_stat_statements_total_time_seconds"},
};

}  // namespace

std::span<const Question> questionTable() { return questions; }
std::span<const NeededSeries> neededSeries() { return needed; }
std::span<const RenamedSeries> renamedSeries() { return renamed; }

}  // namespace cachedeck::doctor
