// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/cache_counts.h"
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

struct Memory {
  double used = 0, limit = 0;
  QByteArray policy;
  bool known = false;
  bool evicts() const { return policy != "noeviction"; }
};

Memory memoryOf(const Evidence& evidence) {
  const RedisInfo& info = evidence.redis.last;
  const std::optional<double> limit = info.number("maxmemory");
  return {info.number("used_memory").value_or(0), limit.value_or(0), info.text("maxmemory_policy"), limit.has_value()};
}

RedisInfo::Keyspace keysOf(const Evidence& evidence) { return evidence.redis.last.keyspace().value_or(RedisInfo::Keyspace{}); }

// Fewer keys than these without a time to live are settings and locks, not a leak.
constexpr double fewKeys = 100;

bool hasManyWithoutTtl(const RedisInfo::Keyspace& all) { return all.keys - all.expires >= fewKeys && all.keys - all.expires >= 0.1 * all.keys; }

}  // namespace

Findings cacheMemoryLimit(const Evidence& evidence) {
  const Memory memory = memoryOf(evidence);
  if (!memory.known || memory.limit > 0) return {};
  const double whole = evidence.redis.last.number("total_system_memory").value_or(0);
  const QString proposal = whole > 0 ? QString::number(static_cast<qint64>(whole / 2 / 1024 / 1024)) : QStringLiteral("512");
  return {{{}, Severity::Warning, QStringLiteral("Redis has no memory limit (maxmemory 0): it grows until the system ends it, and HighRedisMemory cannot be judged."),
           QStringLiteral("maxmemory 0, used %1").arg(bytesText(memory.used)),
           QStringLiteral("CONFIG SET maxmemory %1mb (at most half of the memory that it may have, here taken as all of this host's), CONFIG SET maxmemory-policy allkeys-lru, then CONFIG REWRITE").arg(proposal)}};
}

Findings cachePolicy(const Evidence& evidence) {
  const Memory memory = memoryOf(evidence);
  if (!memory.known || memory.policy.isEmpty()) return {};
  const QString policy = clean(memory.policy), figures = QStringLiteral("maxmemory-policy %1, used %2 of %3").arg(policy, bytesText(memory.used), memory.limit > 0 ? bytesText(memory.limit) : QStringLiteral("no limit"));
  const QString remedy = QStringLiteral("CONFIG SET maxmemory-policy allkeys-lru (or allkeys-lfu), then CONFIG REWRITE");
  if (memory.limit > 0 && memory.policy == "noeviction") {
    // Its count of refusals stays when it was emptied long since.
    const bool full = isFull(evidence.redis.last), lately = refusedNow(evidence) > 0;
    return {{{}, lately || memory.used > 0.9 * memory.limit ? Severity::Critical : Severity::Warning,
             full     ? QStringLiteral("Redis is full and refuses to store (OOM): its eviction policy noeviction is unfit for a cache.")
             : lately ? QStringLiteral("Redis was full a moment ago and refused to store (OOM): its eviction policy noeviction is unfit for a cache.")
                      : QStringLiteral("The eviction policy noeviction is unfit for a cache: once the memory is full, every store is refused."),
             figures, remedy}};
  }
  const RedisInfo::Keyspace all = keysOf(evidence);
  if (memory.limit > 0 && memory.policy.startsWith("volatile-") && hasManyWithoutTtl(all))
    return {{{}, Severity::Warning, QStringLiteral("The eviction policy %1 only evicts keys with a time to live, and many have none.").arg(policy),
             QStringLiteral("%1; %2 of %3 keys have no time to live").arg(figures, number(all.keys - all.expires), number(all.keys)), remedy}};
  if (memory.policy.endsWith("-random"))
    return {{{}, Severity::Info, QStringLiteral("The eviction policy %1 evicts at random, also what is asked for most.").arg(policy), figures, remedy}};
  return {};
}

Findings cacheMemoryFull(const Evidence& evidence) {
  const Memory memory = memoryOf(evidence);
  if (!memory.known || memory.limit <= 0 || memory.used <= 0.85 * memory.limit) return {};
  const QString figures = QStringLiteral("%1 of %2 (%3 %), policy %4, %5 keys evicted since the start")
                              .arg(bytesText(memory.used), bytesText(memory.limit), number(std::round(100 * memory.used / memory.limit)), clean(memory.policy), clean(evidence.redis.last.text("evicted_keys")));
  if (!memory.evicts())
    return {{{}, Severity::Critical, QStringLiteral("The memory of Redis is nearly full, and nothing is evicted."), figures,
             QStringLiteral("CONFIG SET maxmemory N (more), CONFIG SET maxmemory-policy allkeys-lru, or delete what is not needed on the Keys page.")}};
  const QString later = QStringLiteral("If the hit rate falls: CONFIG SET maxmemory N (more). HighRedisMemory fires at 85 %; raise its threshold for a cache that is meant to be full.");
  if (evidence.redis.last.number("evicted_keys").value_or(0) <= 0)
    return {{{}, Severity::Info, QStringLiteral("The memory of Redis is nearly full, and no key was evicted so far: from its limit on, keys are evicted, as its policy says."), figures, later}};
  return {{{}, Severity::Info, QStringLiteral("The memory of Redis is full and keys are evicted, as its policy says. That is right for a cache while the hit rate is good."), figures, later}};
}

Findings cacheKeysWithoutTtl(const Evidence& evidence) {
  const RedisInfo::Keyspace all = keysOf(evidence);
  const double without = all.keys - all.expires;
  if (without <= 0) return {};
  QStringList names;
  const RedisEvidence& redis = evidence.redis;
  for (auto prefix = redis.prefixes.begin(); prefix != redis.prefixes.end(); ++prefix) names += QStringLiteral("%1 (%2)").arg(prefix.key(), QString::number(prefix.value()));
  QString seen = QStringLiteral("%1 of %2 keys have no time to live").arg(number(without), number(all.keys));
  // Whether one key has a time to live cannot be asked without the server counting a look-up: only where none has, the names are those.
  if (all.expires <= 0 && !names.isEmpty()) seen += QStringLiteral("; of %1 names that were looked at: %2").arg(QString::number(redis.sampled), listed(names));
  const bool many = hasManyWithoutTtl(all);
  return {{{}, many ? Severity::Warning : Severity::Info, many ? QStringLiteral("Many keys have no time to live: they stay until they are evicted, however old they are.") : QStringLiteral("Some keys have no time to live."), seen,
           QStringLiteral("Store with a time to live (SET … EX seconds). For those that are there: cachedeck keys, or the Keys page, filter “no TTL”, action “set TTL”.")}};
}

}  // namespace cachedeck::doctor
