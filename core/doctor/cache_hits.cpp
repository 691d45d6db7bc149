// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

// The reference system's bands, and how many look-ups a ratio needs to say something.
constexpr double goodPercent = 75, poorPercent = 50, fewestLookups = 50;

struct Ratio {
  double percent = unknown, lookups = 0;
  const char* over = "";
};

Ratio ratioOf(double hits, double misses, const char* over) {
  const double all = hits + misses;
  return all >= fewestLookups ? Ratio{100 * hits / all, all, over} : Ratio{};
}

double grown(const RedisEvidence& redis, const char* field) {
  return redis.last.number(field).value_or(unknown) - redis.first.number(field).value_or(unknown);
}

/// Five minutes as the alert has them; without them what was seen now; else since the server started.
Ratio ratio(const Evidence& evidence) {
  const RedisEvidence& redis = evidence.redis;
  if (const Ratio five = ratioOf(evidence.prometheus.one("hits"), evidence.prometheus.one("misses"), "in five minutes"); five.lookups > 0) return five;
  if (const Ratio now = ratioOf(grown(redis, "keyspace_hits"), grown(redis, "keyspace_misses"), "while it was looked at"); now.lookups > 0) return now;
  return ratioOf(redis.last.number("keyspace_hits").value_or(unknown), redis.last.number("keyspace_misses").value_or(unknown), "since the server started");
}

double calls(const RedisInfo& info, const char* field) {
  const QByteArray text = info.text(field);
  if (!text.startsWith("calls=")) return 0;
  return text.mid(6, text.indexOf(',') - 6).toDouble();
}

double meanTtlSeconds(const RedisInfo& info) {
  double keys = 0, weighted = 0;
  for (int i = 0; i < 16; ++i) {
    const QByteArray text = info.text(("db" + QByteArray::number(i)).constData());
    double expires = 0, ttl = 0;
    for (const QByteArray& part : text.split(',')) {
      if (part.startsWith("expires=")) expires = part.mid(8).toDouble();
      if (part.startsWith("avg_ttl=")) ttl = part.mid(8).toDouble();
    }
    if (ttl <= 0) continue;
    keys += expires;
    weighted += expires * ttl;
  }
  return keys > 0 ? weighted / keys / 1000 : unknown;
}

struct Why {
  QString because, remedy;
};

/// The causes that the counters speak for, the likeliest first.
QList<Why> causesOf(const RedisInfo& info) {
  const auto count = [&info](const char* field) { return info.number(field).value_or(0); };
  const double misses = count("keyspace_misses"), hits = count("keyspace_hits"), evicted = count("evicted_keys"), expired = count("expired_keys");
  const double stores = calls(info, "cmdstat_set") + calls(info, "cmdstat_setex") + calls(info, "cmdstat_psetex") + calls(info, "cmdstat_mset") + calls(info, "cmdstat_hset");
  const double flushes = calls(info, "cmdstat_flushall") + calls(info, "cmdstat_flushdb"), keys = info.keyspace().value_or(RedisInfo::Keyspace{}).keys;
  const QByteArray policy = info.text("maxmemory_policy");
  const bool limited = count("maxmemory") > 0;
  QList<Why> whys;
  if (limited && policy == "noeviction" && info.has("errorstat_OOM"))
    whys += Why{QStringLiteral("the memory is full and the policy noeviction refuses what should be stored"), QStringLiteral("CONFIG SET maxmemory-policy allkeys-lru")};
  if (flushes > 0) whys += Why{QStringLiteral("the cache was emptied (FLUSHALL, FLUSHDB: %1)").arg(flushes), QStringLiteral("Find who empties it (deployments, tests, SLOWLOG GET) and take the right away: ACL SETUSER NAME -flushall -flushdb")};
  if (misses > 0 && evicted > 0.1 * misses)
    whys += Why{QStringLiteral("%1 keys were evicted before they were asked for again: the memory is too small").arg(number(evicted)),
                QStringLiteral("Raise the limit (CONFIG SET maxmemory N, now %1) or store less: shorter values, fewer keys.").arg(bytesText(count("maxmemory")))};
  if (evicted > 0 && (policy.endsWith("-random")))
    whys += Why{QStringLiteral("the policy %1 evicts at random, also what is asked for most").arg(clean(policy)), QStringLiteral("CONFIG SET maxmemory-policy allkeys-lru (or allkeys-lfu)")};
  if (misses > 0 && expired > 0.3 * misses)
    whys += Why{QStringLiteral("%1 keys expired, against %2 misses, with %3 s left on average: the times to live are too short").arg(number(expired), number(misses), number(std::round(meanTtlSeconds(info)))),
                QStringLiteral("Lengthen the time to live of the classes that are asked for most (in the service's configuration).")};
  if (misses >= fewestLookups && stores < 0.1 * misses)
    whys += Why{QStringLiteral("only %1 keys were stored for %2 misses: what is missed is not put into the cache").arg(number(stores), number(misses)),
                QStringLiteral("Look into the service: is the write after a miss carried out, may its account use SET (ACL LOG), and are the names of look-up and store the same?")};
  if (stores >= fewestLookups && hits < 0.5 * stores && keys > hits)
    whys += Why{QStringLiteral("there are %1 keys and only %2 hits: most keys are never read").arg(number(keys), number(hits)),
                QStringLiteral("Make names less special: no time, request id or order of parameters in them. The Keys page shows which names there are.")};
  return whys;
}

}  // namespace

Findings cacheHitRate(const Evidence& evidence) {
  if (!evidence.redis.server.reached()) return {};
  const Ratio seen = ratio(evidence);
  const double uptime = evidence.redis.last.number("uptime_in_seconds").value_or(1e9);
  // In its first half minute, of ten to warm up, a cache cannot have hits yet.
  if (!(seen.percent < goodPercent) || uptime < evidence.redis.warmUpSeconds / 20) return {};
  const QString figures = QStringLiteral("%1 % of %2 look-ups %3 were hits").arg(number(seen.percent), number(seen.lookups), QString::fromLatin1(seen.over));
  QStringList because, remedies;
  for (const Why& why : causesOf(evidence.redis.last)) {
    because += why.because;
    remedies += why.remedy;
  }
  if (uptime < evidence.redis.warmUpSeconds) {
    const QString cold = QStringLiteral("Redis started %1 s ago with an empty or old cache").arg(number(uptime));
    because.prepend(cold);
    remedies.prepend(QStringLiteral("Wait until it has filled; warm it before traffic returns, or let it keep its data over restarts (CONFIG SET save \"300 100\")."));
    return {{{}, Severity::Info, QStringLiteral("The hit rate is low: the cache is cold after a restart."), figures + QLatin1String("; ") + because.join(QLatin1String("; ")), remedies.join(QLatin1Char(' '))}};
  }
  const QString title = because.isEmpty() ? QStringLiteral("The hit rate is low.") : QStringLiteral("The hit rate is low: %1.").arg(because.first());
  if (remedies.isEmpty()) remedies += QStringLiteral("The counters show no single cause: compare the hit ratios by class on the Overview, and look at the names on the Keys page.");
  return {{{}, seen.percent < poorPercent ? Severity::Critical : Severity::Warning, title, because.size() > 1 ? figures + QLatin1String("; also: ") + because.mid(1).join(QLatin1String("; ")) : figures,
           remedies.join(QLatin1Char(' '))}};
}

}  // namespace cachedeck::doctor
