// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/recorded_metrics.h"

namespace cachedeck::runs {

namespace {

constexpr QLatin1String redis[] = {QLatin1String("redis.ops"),          QLatin1String("redis.hits"),         QLatin1String("redis.misses"),
                                   QLatin1String("redis.memory_used"),  QLatin1String("redis.memory_rss"),   QLatin1String("redis.memory_limit"),
                                   QLatin1String("redis.memory_used_percent"), QLatin1String("redis.evicted"), QLatin1String("redis.clients")};
constexpr QLatin1String postgres[] = {QLatin1String("postgres.connections"), QLatin1String("postgres.active"),          QLatin1String("postgres.idle"),
                                      QLatin1String("postgres.idle_in_transaction"), QLatin1String("postgres.waiting"), QLatin1String("postgres.other"),
                                      QLatin1String("postgres.max_connections"), QLatin1String("postgres.calls"),       QLatin1String("postgres.query_mean"),
                                      QLatin1String("postgres.query_max")};
constexpr QLatin1String service[] = {QLatin1String("app.cpu"), QLatin1String("app.pool_in_use"), QLatin1String("app.pool_waiting"), QLatin1String("app.hit_ratio")};

constexpr RecordedMetrics rows[] = {{QLatin1String("redis"), redis}, {QLatin1String("postgres"), postgres}, {QLatin1String("prometheus"), service}};

}  // namespace

std::span<const RecordedMetrics> recordedMetrics() { return rows; }

}  // namespace cachedeck::runs
