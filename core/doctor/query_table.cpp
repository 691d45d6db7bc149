// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/query_table.h"

namespace cachedeck::doctor {

namespace {

constexpr Question questions[] = {
    {"redis_up", "redis_up"},
    {"pg_up", "pg_up"},
    {"redis_up_sent", "max(timestamp(redis_up))"},
    {"pg_up_sent", "max(timestamp(pg_up))"},
    {"redis_scrape_error", "redis_exporter_last_scrape_error == 1"},
    {"pg_scrape_error", "pg_exporter_last_scrape_error == 1"},
    {"hits", "sum by (instance) (increase(redis_keyspace_hits_total{$redis}[5m]))"},
    {"misses", "sum by (instance) (increase(redis_keyspace_misses_total{$redis}[5m]))"},
    {"rejected", "sum by (instance) (increase(redis_rejected_connections_total{$redis}[15m])) > 0"},
    {"notify_failed", "sum by (integration) (increase(alertmanager_notifications_failed_total[15m]))"},
    {"send_errors", "sum by (alertmanager) (increase(prometheus_notifications_errors_total[15m]))"},
    {"pool_max", "sum by (job) (db_pool_max_open_connections{$app})"},
    {"pool_instances", "count by (job) (db_pool_max_open_connections{$app})"},
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
