// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_metrics.h"

#include <algorithm>

namespace cachedeck {

namespace {

#define ID(text) QLatin1String(text)

using How = InfoMetric::How;

const InfoMetric rows[] = {
    {ID("redis.ops"), "total_commands_processed", How::Rate},
    {ID("redis.hits"), "keyspace_hits", How::Rate},
    {ID("redis.misses"), "keyspace_misses", How::Rate},
    {ID("redis.evicted"), "evicted_keys", How::Rate},
    {ID("redis.expired"), "expired_keys", How::Rate},
    {ID("redis.rejected"), "rejected_connections", How::Rate},
    {ID("redis.errors"), "total_error_replies", How::Rate},
    {ID("redis.net_in"), "total_net_input_bytes", How::Rate},
    {ID("redis.net_out"), "total_net_output_bytes", How::Rate},
    {ID("redis.memory_used"), "used_memory", How::Gauge},
    {ID("redis.memory_rss"), "used_memory_rss", How::Gauge},
    {ID("redis.memory_peak"), "used_memory_peak", How::Gauge},
    {ID("redis.fragmentation"), "mem_fragmentation_ratio", How::Gauge},
    {ID("redis.clients"), "connected_clients", How::Gauge},
    {ID("redis.blocked_clients"), "blocked_clients", How::Gauge},
};

using Number = std::optional<double>;

Number difference(Number before, Number after) {
  return before && after ? Number(*after - *before) : std::nullopt;
}

Number sum(Number a, Number b) { return a && b ? Number(*a + *b) : std::nullopt; }

/// part of whole in percent; absent where the whole is 0.
Number percent(Number part, Number whole) {
  return part && whole && *whole > 0 ? Number(100 * *part / *whole) : std::nullopt;
}

/// A counter without what is our own. Ours may be noted a moment later than the server counts it: more than there is cannot be taken.
Number without(Number counted, qint64 ours) { return counted ? Number(std::max(0.0, *counted - static_cast<double>(ours))) : std::nullopt; }

bool wentBack(Number before, Number after) { return before && after && *after < *before; }

bool startedAnew(const RedisInfo& before, const RedisInfo& after) {
  const QByteArray oldRun = before.text("run_id"), newRun = after.text("run_id");
  if (!oldRun.isEmpty() && !newRun.isEmpty() && oldRun != newRun) return true;
  if (wentBack(before.number("uptime_in_seconds"), after.number("uptime_in_seconds"))) return true;
  for (const InfoMetric& row : rows)
    if (row.how == How::Rate && wentBack(before.number(row.field), after.number(row.field))) return true;
  return before.commands() && after.commands() && after.commands()->calls < before.commands()->calls;
}

Number cpuSeconds(const RedisInfo& info) { return sum(info.number("used_cpu_sys"), info.number("used_cpu_user")); }

class Deriver {
 public:
  Deriver(RedisFigures& figures, const OwnShare& own) : m_figures(figures), m_own(own) {}

  void gauges(const RedisInfo& now) {
    for (const InfoMetric& row : rows)
      if (row.how == How::Gauge) add(row.id, now.number(row.field));
    const Number limit = now.number("maxmemory").value_or(0) > 0 ? now.number("maxmemory") : std::nullopt;
    add(ID("redis.memory_limit"), limit);
    add(ID("redis.memory_used_percent"), percent(now.number("used_memory"), limit));
    const Number hits = without(now.number("keyspace_hits"), m_own.total.hits);
    add(ID("redis.hit_ratio_lifetime"), percent(hits, sum(hits, without(now.number("keyspace_misses"), m_own.total.misses))));
    if (const auto keyspace = now.keyspace()) {
      add(ID("redis.keys"), keyspace->keys);
      add(ID("redis.keys_with_ttl"), keyspace->expires);
    }
  }

  void rates(const RedisInfo& before, const RedisInfo& now, double seconds) {
    const auto growth = [&](const char* field) { return difference(before.number(field), now.number(field)); };
    const auto addRate = [&](QLatin1String id, Number grown) {
      if (grown && *grown >= 0) add(id, *grown / seconds);
    };
    const Number hits = without(growth("keyspace_hits"), m_own.grown.hits), misses = without(growth("keyspace_misses"), m_own.grown.misses);
    for (const InfoMetric& row : rows) {
      if (row.how != How::Rate) continue;
      addRate(row.id, row.id == ID("redis.hits") ? hits : row.id == ID("redis.misses") ? misses : growth(row.field));
    }
    add(ID("redis.hit_ratio"), percent(hits, sum(hits, misses)));
    if (const Number cpu = difference(cpuSeconds(before), cpuSeconds(now))) addRate(ID("redis.cpu"), 100 * *cpu);
    commandMean(before, now);
  }

 private:
  void commandMean(const RedisInfo& before, const RedisInfo& now) {
    if (!before.commands() || !now.commands()) return;
    const double calls = now.commands()->calls - before.commands()->calls;
    const double usec = now.commands()->usec - before.commands()->usec;
    if (calls > 0 && usec >= 0) add(ID("redis.command_mean"), usec / calls * 1e-6);
  }

  void add(QLatin1String id, Number value) {
    if (value) m_figures.values.emplace_back(id, *value);
  }

  RedisFigures& m_figures;
  const OwnShare& m_own;
};

#undef ID

}  // namespace

std::span<const InfoMetric> redisInfoMetrics() { return rows; }

RedisFigures deriveSample(const RedisInfo* previous, const RedisInfo& current, double elapsedSeconds, const OwnShare& own) {
  RedisFigures figures;
  figures.restarted = previous && startedAnew(*previous, current);
  const OwnShare known = figures.restarted ? OwnShare() : own;  // the server has forgotten what was ours
  Deriver deriver(figures, known);
  deriver.gauges(current);
  if (previous && !figures.restarted && elapsedSeconds > 0) deriver.rates(*previous, current, elapsedSeconds);
  return figures;
}

}  // namespace cachedeck
