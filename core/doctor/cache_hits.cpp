// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/cache_counts.h"
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

// The reference system's bands.
constexpr double goodPercent = 75, poorPercent = 50;

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
QList<Why> causesOf(const Evidence& evidence, const CacheCounts& counts) {
  const RedisInfo& info = evidence.redis.last;
  const QString over = QString::fromLatin1(counts.over);
  const double limit = info.number("maxmemory").value_or(0), keys = info.keyspace().value_or(RedisInfo::Keyspace{}).keys;
  const QByteArray policy = info.text("maxmemory_policy");
  QList<Why> whys;
  if (limit > 0 && policy == "noeviction" && (refusedNow(evidence) > 0 || (counts.refused > 0 && isFull(info))))
    whys += Why{QStringLiteral("the memory is full and the policy noeviction refuses what should be stored"), QStringLiteral("CONFIG SET maxmemory-policy allkeys-lru")};
  if (counts.flushes >= 0.5)  // increase() extrapolates
    whys += Why{QStringLiteral("the cache was emptied %1 (FLUSHALL, FLUSHDB: %2)").arg(over, number(std::round(counts.flushes))), QStringLiteral("Find who empties it (deployments, tests, SLOWLOG GET) and take the right away: ACL SETUSER NAME -flushall -flushdb")};
  if (counts.misses > 0 && counts.evicted > 0.1 * counts.misses)
    whys += Why{QStringLiteral("%1 keys were evicted before they were asked for again: the memory is too small").arg(number(std::round(counts.evicted))),
                QStringLiteral("Raise the limit (CONFIG SET maxmemory N, now %1) or store less: shorter values, fewer keys.").arg(bytesText(limit))};
  if (counts.evicted > 0 && (policy.endsWith("-random")))
    whys += Why{QStringLiteral("the policy %1 evicts at random, also what is asked for most").arg(clean(policy)), QStringLiteral("CONFIG SET maxmemory-policy allkeys-lru (or allkeys-lfu)")};
  if (counts.misses > 0 && counts.expired > 0.3 * counts.misses)
    whys += Why{QStringLiteral("%1 keys expired, against %2 misses, with %3 s left on average: the times to live are too short").arg(number(std::round(counts.expired)), number(std::round(counts.misses)), number(std::round(meanTtlSeconds(info)))),
                QStringLiteral("Lengthen the time to live of the classes that are asked for most (in the service's configuration).")};
  if (counts.misses >= fewestLookups / 2 && counts.stores < 0.1 * counts.misses)
    whys += Why{QStringLiteral("only %1 keys were stored for %2 misses: what is missed is not put into the cache").arg(number(std::round(counts.stores)), number(std::round(counts.misses))),
                QStringLiteral("Look into the service: is the write after a miss carried out, may its account use SET (ACL LOG), and are the names of look-up and store the same?")};
  if (counts.stores >= fewestLookups && counts.hits < 0.5 * counts.stores && keys > counts.hits)
    whys += Why{QStringLiteral("there are %1 keys and only %2 hits %3: most keys are never read").arg(number(keys), number(std::round(counts.hits)), over),
                QStringLiteral("Make names less special: no time, request id or order of parameters in them. The Keys page shows which names there are.")};
  return whys;
}

/// Several are numbered: some end with a command, which must be told from what follows.
QString joined(const QStringList& remedies) {
  if (remedies.size() < 2) return remedies.join(QString());
  QStringList numbered;
  for (qsizetype i = 0; i < remedies.size(); ++i) {
    QString one = remedies[i];
    if (one.endsWith(QLatin1Char('.'))) one.chop(1);
    numbered += QStringLiteral("(%1) ").arg(i + 1) + one;
  }
  return numbered.join(QLatin1String("; "));
}

}  // namespace

Findings cacheHitRate(const Evidence& evidence) {
  if (!evidence.redis.server.reached()) return {};
  const CacheCounts counts = cacheCounts(evidence);
  const double percent = counts.lookups() >= fewestLookups ? 100 * counts.hits / counts.lookups() : unknown;
  const double uptime = evidence.redis.last.number("uptime_in_seconds").value_or(1e9);
  // In its first half minute, of ten to warm up, a cache cannot have hits yet.
  if (!(percent < goodPercent) || uptime < evidence.redis.warmUpSeconds / 20) return {};
  const QString figures = QStringLiteral("%1 % of %2 look-ups %3 were hits").arg(number(percent), number(std::round(counts.lookups())), QString::fromLatin1(counts.over));
  QStringList because, remedies;
  for (const Why& why : causesOf(evidence, counts)) {
    because += why.because;
    remedies += why.remedy;
  }
  if (uptime < evidence.redis.warmUpSeconds) {
    const QString cold = QStringLiteral("Redis started %1 s ago with an empty or old cache").arg(number(uptime));
    because.prepend(cold);
    remedies.prepend(QStringLiteral("Wait until it has filled; warm it before traffic returns, or let it keep its data over restarts (CONFIG SET save \"300 100\")."));
    return {{{}, Severity::Info, QStringLiteral("The hit rate is low: the cache is cold after a restart."), figures + QLatin1String("; ") + because.join(QLatin1String("; ")), joined(remedies)}};
  }
  const Severity severity = percent < poorPercent ? Severity::Critical : Severity::Warning;
  // What was long ago is no cause: a FLUSHALL of last month would be blamed for ever.
  if (counts.isOld)
    return {{{}, severity, QStringLiteral("The hit rate is low over the time since Redis started."), because.isEmpty() ? figures : figures + QStringLiteral("; in that time, which may be long over: ") + because.join(QLatin1String("; ")),
             QStringLiteral("Look again while there is traffic, or with Prometheus, which knows the last five minutes: neither tells how it is now. CONFIG RESETSTAT begins the counters anew.")}};
  const QString title = because.isEmpty() ? QStringLiteral("The hit rate is low.") : QStringLiteral("The hit rate is low: %1.").arg(because.first());
  if (remedies.isEmpty()) remedies += QStringLiteral("The counters show no single cause: compare the hit ratios by class on the Overview, and look at the names on the Keys page.");
  return {{{}, severity, title, because.size() > 1 ? figures + QLatin1String("; also: ") + because.mid(1).join(QLatin1String("; ")) : figures, joined(remedies)}};
}

}  // namespace cachedeck::doctor
