// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/check.h"

#include "core/base/text.h"
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

constexpr Check checks[] = {
    {"cache-connection", "Cache connection", "connecting to Redis, logging in", cacheConnection},
    {"cache-rights", "Rights in Redis", "whether INFO is allowed", cacheRights},
    {"cache-denials", "Clients that Redis refuses", "INFO errorstats", cacheDenials},
    {"cache-rejected", "Rejected connections", "INFO stats, redis_rejected_connections_total", cacheRejected},
    {"cache-clients", "Clients against maxclients", "INFO clients", cacheClients},
    {"database-connection", "Database connection", "connecting to PostgreSQL, logging in", databaseConnection},
    {"service-health", "The service", "its /health, cache_up in Prometheus", serviceHealth},
    {"cache-hit-rate", "Hit rate", "hits, misses, evictions, expiries, stores, flushes of five minutes", cacheHitRate},
    {"cache-memory-limit", "Memory limit", "INFO memory", cacheMemoryLimit},
    {"cache-policy", "Eviction policy", "INFO memory, keys without a time to live", cachePolicy},
    {"cache-memory-full", "Memory used", "INFO memory", cacheMemoryFull},
    {"cache-keys-without-ttl", "Keys without a time to live", "INFO keyspace, a sample of names", cacheKeysWithoutTtl},
    {"cache-persistence", "Persistence", "INFO persistence", cachePersistence},
    {"cache-replication", "Replication", "INFO replication", cacheReplication},
    {"database-statements", "pg_stat_statements", "extension, library, rights", databaseStatements},
    {"database-rights", "Rights in PostgreSQL", "pg_read_all_stats", databaseRights},
    {"database-full", "Sessions against max_connections", "pg_stat_database, settings", databaseFull},
    {"database-pool", "Pools against max_connections", "db_pool_max_open_connections in Prometheus, settings", databasePool},
    {"database-blocked", "Blocked sessions", "pg_stat_activity, pg_blocking_pids", databaseBlocked},
    {"database-idle-in-transaction", "Idle in transaction", "pg_stat_activity", databaseIdleInTransaction},
    {"prometheus-connection", "Prometheus", "its HTTP API", prometheusConnection},
    {"exporter-down", "Targets", "health of the scrape targets", exporterDown},
    {"exporter-database", "Exporters and their servers", "redis_up, pg_up, last_scrape_error, pg_scrape_collector_success", exporterDatabase},
    {"exporter-not-scraped", "Exporters that nobody scrapes", "scrape targets, the exporters' usual ports", exporterNotScraped},
    {"series-missing", "Series of the exporters", "what Prometheus has now", seriesMissing},
    {"series-renamed", "Names of series", "names of exporters' versions", seriesRenamed},
    {"clock-skew", "Clocks", "time of each server against this computer's", clockSkew},
    {"prometheus-config", "Configuration of Prometheus", "its last reload", prometheusConfig},
    {"rules-none", "Alerting rules", "whether any is loaded", rulesNone},
    {"rules-broken", "Errors of rules", "health of each rule", rulesBroken},
    {"rules-stale", "Evaluation of rules", "time of the last evaluation", rulesStale},
    {"rules-without-series", "Series of rules", "the names in each alert's expression", rulesWithoutSeries},
    {"alerts-pending", "Pending alerts", "alerts against their “for”", alertsPending},
    {"alertmanager-none", "Alertmanager in Prometheus", "the Alertmanagers that it knows", alertmanagerNone},
    {"alertmanager-unreachable", "Alertmanager", "its HTTP API, delivery errors of Prometheus", alertmanagerUnreachable},
    {"alerts-not-arriving", "Delivery of alerts", "firing alerts against those of Alertmanager", alertsNotArriving},
    {"receiver-empty", "Receivers", "integrations of the receivers that alerts go to", receiverEmpty},
    {"alerts-silenced", "Silences", "alerts that are silenced", alertsSilenced},
    {"alerts-inhibited", "Inhibition", "alerts that others inhibit", alertsInhibited},
    {"webhook-unreachable", "Notifications", "failures of Alertmanager's integrations", webhookUnreachable},
    {"pushgateway-connection", "Pushgateway", "its HTTP API", pushgatewayConnection},
};

constexpr qsizetype longestText = 2000;
// A whole rack that is down is one thing to say.
constexpr qsizetype mostOfOneCheck = 20;

Findings capped(Findings found) {
  if (found.size() <= mostOfOneCheck) return found;
  Finding rest = found[mostOfOneCheck];
  rest.finding = QStringLiteral("… and %1 more of this kind.").arg(found.size() - mostOfOneCheck);
  rest.evidence = QStringLiteral("the next one: %1").arg(rest.evidence);
  found.resize(mostOfOneCheck);
  found += rest;
  return found;
}

}  // namespace

QString severityName(Severity severity) {
  switch (severity) {
    case Severity::Info: return QStringLiteral("info");
    case Severity::Warning: return QStringLiteral("warning");
    case Severity::Critical: break;
  }
  return QStringLiteral("critical");
}

std::span<const Check> checkTable() { return checks; }

Findings findingsOf(const Evidence& evidence) {
  Findings all;
  for (const Check& check : checks)
    for (Finding finding : capped(check.find(evidence))) {
      finding.check = QLatin1String(check.id);
      for (QString* text : {&finding.finding, &finding.evidence}) *text = clean(*text, longestText);
      // Ours, and it may speak of passwords, which the Redactor would take for some.
      finding.remedy = printable(finding.remedy, longestText);
      all += finding;
    }
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return all;
}

}  // namespace cachedeck::doctor
