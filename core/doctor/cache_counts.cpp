// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/cache_counts.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

// A younger server's counters are of now too.
constexpr double oldSeconds = 300;

/// The number behind "calls=" or "count="; 0 where there is none.
double part(const RedisInfo& info, const char* field, const char* name) {
  const QByteArray text = info.text(field).split(',').first();
  return text.startsWith(name) ? text.mid(qsizetype(qstrlen(name))).toDouble() : 0;
}

double calls(const RedisInfo& info, std::initializer_list<const char*> commands) {
  double sum = 0;
  for (const char* command : commands) sum += part(info, (QByteArray("cmdstat_") + command).constData(), "calls=");
  return sum;
}

double oom(const RedisInfo& info) { return part(info, "errorstat_OOM", "count="); }

CacheCounts totals(const RedisInfo& info) {
  const auto count = [&info](const char* field) { return info.number(field).value_or(unknown); };
  CacheCounts all{count("keyspace_hits"), count("keyspace_misses"), count("evicted_keys"), count("expired_keys")};
  if (info.commands()) all.stores = calls(info, {"set", "setex", "psetex", "setnx", "mset", "hset"});
  all.flushes = calls(info, {"flushall", "flushdb"});
  all.refused = oom(info);
  return all;
}

CacheCounts between(const RedisInfo& first, const RedisInfo& last) {
  const CacheCounts before = totals(first), after = totals(last);
  return {after.hits - before.hits, after.misses - before.misses, after.evicted - before.evicted, after.expired - before.expired, after.stores - before.stores, after.flushes - before.flushes, after.refused - before.refused, "while it was looked at"};
}

/// Nobody empties a cache or is refused memory: no series.
double orNone(double value) { return std::isfinite(value) ? value : 0; }

CacheCounts fiveMinutes(const PrometheusEvidence& prometheus) {
  return {prometheus.one("hits"), prometheus.one("misses"), prometheus.one("evicted"), prometheus.one("expired"), prometheus.one("stores"), orNone(prometheus.one("flushes")), orNone(prometheus.one("refused")), "in five minutes"};
}

}  // namespace

CacheCounts cacheCounts(const Evidence& evidence) {
  const RedisEvidence& redis = evidence.redis;
  const CacheCounts looks = between(redis.first, redis.last);
  if (CacheCounts five = fiveMinutes(evidence.prometheus); five.lookups() >= fewestLookups) {
    // What was not scraped yet, or by an exporter that does not count commands.
    five.flushes = std::max(five.flushes, looks.flushes);
    five.refused = std::max(five.refused, looks.refused);
    return five;
  }
  if (looks.lookups() >= fewestLookups) return looks;
  CacheCounts all = totals(redis.last);
  all.over = "since the server started";
  all.isOld = redis.last.number("uptime_in_seconds").value_or(1e9) > oldSeconds;
  return all;
}

double refusedNow(const Evidence& evidence) { return std::max(orNone(evidence.prometheus.one("refused")), oom(evidence.redis.last) - oom(evidence.redis.first)); }

bool isFull(const RedisInfo& info) {
  const double limit = info.number("maxmemory").value_or(0);
  return limit > 0 && info.number("used_memory").value_or(0) >= 0.98 * limit;
}

}  // namespace cachedeck::doctor
