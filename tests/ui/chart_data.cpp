// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart_data.h"

#include <algorithm>

namespace cachedeck::charttest {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

/// 0 … 1: how far the burst is under way at `share` of the stretch.
double burst(double share) {
  const double rise = std::clamp((share - 0.45) / 0.07, 0.0, 1.0), fall = std::clamp((share - 0.78) / 0.07, 0.0, 1.0);
  return rise * rise * (3 - 2 * rise) * (1 - fall * fall * (3 - 2 * fall));
}

}  // namespace

void fillRedis(History& history, qint64 endMs, int seconds) {
  Noise noise;
  for (int i = seconds - 1; i >= 0; --i) {
    const double share = 1 - static_cast<double>(i) / seconds, busy = burst(share);
    const double lookups = 29'000 + 20'000 * busy + 900 * std::sin(share * 40) + 700 * noise();
    const double missShare = 0.055 + 0.12 * std::exp(-std::pow((share - 0.47) / 0.02, 2)) + 0.006 * noise();
    const double used = (5.1 + 1.7 * share - (share > 0.42 ? 0.35 : 0)) * gib + noise() * 0.01 * gib;
    history.append(QLatin1String("redis"), endMs - i * 1000LL,
                   {{QLatin1String("redis.ops"), lookups * 1.07},
                    {QLatin1String("redis.hits"), lookups * (1 - missShare)},
                    {QLatin1String("redis.misses"), lookups * missShare},
                    {QLatin1String("redis.hit_ratio"), 100 * (1 - missShare)},
                    {QLatin1String("redis.hit_ratio_lifetime"), 93.1},
                    {QLatin1String("redis.memory_used"), used},
                    {QLatin1String("redis.memory_limit"), 8 * gib},
                    {QLatin1String("redis.memory_used_percent"), 100 * used / (8 * gib)},
                    {QLatin1String("redis.memory_rss"), used + 0.42 * gib + noise() * 0.02 * gib},
                    {QLatin1String("redis.evicted"), 0.0}});
  }
}

void fillPostgres(History& history, qint64 endMs, int seconds) {
  Noise noise;
  for (int i = seconds - 1; i >= 0; --i) {
    const double share = 1 - static_cast<double>(i) / seconds, busy = burst(share);
    const double active = std::round(6 + 9 * busy + 1.2 * noise()), idle = std::round(12 + 2 * noise());
    const double inTransaction = std::round(2 + 1.5 * busy + noise()), waiting = std::round(std::max(0.0, 2.4 * busy + noise() - 0.4));
    const double calls = 1650 + 1500 * busy + 120 * noise() + 2200 * std::exp(-std::pow((share - 0.47) / 0.02, 2));
    const double mean = 0.0018 + 0.0011 * busy + 0.0002 * noise();
    history.append(QLatin1String("postgres"), endMs - i * 1000LL - 300,
                   {{QLatin1String("postgres.active"), active},
                    {QLatin1String("postgres.idle"), idle},
                    {QLatin1String("postgres.idle_in_transaction"), inTransaction},
                    {QLatin1String("postgres.waiting"), waiting},
                    {QLatin1String("postgres.other"), 0.0},
                    {QLatin1String("postgres.connections"), active + idle + inTransaction + waiting},
                    {QLatin1String("postgres.max_connections"), 200.0},
                    {QLatin1String("postgres.calls"), calls},
                    {QLatin1String("postgres.transactions"), calls * 0.42 + 20 * noise()},
                    {QLatin1String("postgres.query_mean"), mean},
                    {QLatin1String("postgres.query_max"), mean * (4 + 1.5 * noise()) + (noise() > 0.97 ? 0.006 : 0)},
                    {QLatin1String("postgres.blocks_hit"), 9810.0}, {QLatin1String("postgres.blocks_read"), 190.0 + 60 * noise()},
                    {QLatin1String("postgres.buffer_hit_ratio"), 98.1 + 0.6 * noise()}});
  }
}

void fillService(History& history, qint64 endMs, int seconds) {
  Noise noise;
  for (int i = seconds - 1; i >= 0; --i) {
    const double share = 1 - static_cast<double>(i) / seconds, busy = burst(share);
    const double requests = 820 + 610 * busy + 25 * noise(), p50 = 0.0011 + 0.0004 * busy + 0.0001 * noise();
    const double cold = std::exp(-std::pow((share - 0.47) / 0.02, 2));
    const double inUse = std::round(4 + 5 * busy + 1.5 * noise()), idle = std::round(std::max(0.0, 6 - 3 * busy + noise()));
    history.append(QLatin1String("prometheus"), endMs - i * 1000LL - 150,
                   {{QLatin1String("app.requests"), requests},
                    {QLatin1String("app.errors"), 0.4 * busy},
                    {QLatin1String("app.error_ratio"), 100 * 0.4 * busy / requests},
                    {QLatin1String("app.latency_mean"), 0.0089 + 0.006 * busy},
                    {QLatin1String("app.latency_p50"), p50},
                    {QLatin1String("app.latency_p95"), 0.043 + 0.035 * busy + 0.003 * noise() + 0.04 * cold},
                    {QLatin1String("app.latency_p99"), 0.092 + 0.06 * busy + 0.008 * noise() + 0.06 * cold},
                    {QLatin1String("app.hit_ratio"), 86.2 - 14 * cold + 0.5 * noise()},
                    {QLatin1String("app.hit_ratio_risk"), 81 - 21 * cold + 0.8 * noise()},
                    {QLatin1String("app.hit_ratio_dashboard"), 94 - 30 * cold + 0.6 * noise()},
                    {QLatin1String("app.hit_ratio_connector"), 88.5 + 0.7 * noise()},
                    {QLatin1String("app.hit_ratio_marketplace"), 76.5 + 1.4 * noise()},
                    {QLatin1String("app.pool_in_use"), inUse},
                    {QLatin1String("app.pool_idle"), idle},
                    {QLatin1String("app.pool_max"), 50.0},
                    {QLatin1String("app.pool_waiting"), 0.0}});
  }
}

void fill(History& history, qint64 endMs, int seconds) {
  fillRedis(history, endMs, seconds);
  fillPostgres(history, endMs, seconds);
}

SourceState live(qint64 sinceMs) {
  SourceState state;
  state.kind = SourceState::Kind::Live;
  state.sinceMs = state.lastGoodMs = sinceMs;
  return state;
}

SourceState failed(qint64 lastGoodMs, qint64 retryAtMs, const QString& message) {
  SourceState state;
  state.kind = SourceState::Kind::Failed;
  state.lastGoodMs = lastGoodMs;
  state.retryAtMs = retryAtMs;
  state.error = fail(Error::Kind::Refused, message);
  return state;
}

}  // namespace cachedeck::charttest
