// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/exporters.h"
#include "core/doctor/prometheus_age.h"
#include "core/doctor/query_table.h"
#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

// Beyond these a comparison of times goes wrong: rules look back, tokens expire, Grafana asks for "now".
constexpr double smallSkew = 2, largeSkew = 30;

}  // namespace

Findings seriesMissing(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  Findings found;
  if (isYoung(prometheus)) return found;
  for (const ExporterKind& kind : exporterKinds()) {
    // An exporter that does not reach its server has nothing to say of it: that is another finding.
    const bool silent = prometheus.answers.contains(QLatin1String(kind.upSeries)) && !prometheus.answers.value(QLatin1String(kind.upSeries)).empty() && !reachesItsServer(prometheus, kind);
    if (!isScraped(prometheus, kind) || silent) continue;
    QStringList missing;
    for (const NeededSeries& needed : neededSeries()) {
      const QString name = QLatin1String(needed.name);
      if (QLatin1String(needed.kind) == QLatin1String(kind.id) && prometheus.asked.contains(name) && !prometheus.present.contains(name)) missing += name;
    }
    if (missing.isEmpty()) continue;
    found += Finding{{}, Severity::Warning, QStringLiteral("What is scraped as the exporter of %1 lacks series that dashboards and alerts read.").arg(QLatin1String(kind.title)),
                     QStringLiteral("there is no %1").arg(listed(missing, 8)),
                     QStringLiteral("Check that the target is %1 and its metrics_path /metrics, that metric_relabel_configs in prometheus.yml drop none of them, and that its collectors are not switched off.").arg(QLatin1String(kind.program))};
  }
  return found;
}

Findings seriesRenamed(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  if (prometheus.asked.isEmpty() || isYoung(prometheus)) return {};
  QStringList old, neither;
  for (const RenamedSeries& name : renamedSeries()) {
    if (prometheus.present.contains(QLatin1String(name.now))) continue;
    (prometheus.present.contains(QLatin1String(name.before)) ? old : neither) += QLatin1String(name.now);
  }
  if (!old.isEmpty())
    return {{{}, Severity::Warning, QStringLiteral("The exporter of PostgreSQL uses names of another version: queries for today's names show no data."),
             QStringLiteral("%1 is missing, its older name is there").arg(listed(old)),
             QStringLiteral("Update postgres_exporter to 0.15 or later with --collector.stat_statements (and without a queries.yaml of the same name), or ask for both names in the query: new or old.")}};
  const ExporterKind& postgres = exporterKinds()[1];
  // Without the extension there are none: that is another finding.
  const bool isSaid = evidence.postgres.server.reached() && evidence.postgres.statements == StatementsAccess::Missing;
  if (neither.isEmpty() || isSaid || !reachesItsServer(prometheus, postgres)) return {};
  return {{{}, Severity::Warning, QStringLiteral("There are no series of pg_stat_statements: panels of query times show no data, and SlowDatabaseQueries cannot fire."), QStringLiteral("neither today's nor the older names of %1").arg(listed(neither)),
           QStringLiteral("Start postgres_exporter 0.15 or later with --collector.stat_statements (older: --extend.query-path with monitoring/postgres-exporter/queries.yaml), and CREATE EXTENSION pg_stat_statements in the database that it connects to.")}};
}

Findings clockSkew(const Evidence& evidence) {
  const std::pair<const char*, const Server*> servers[] = {{"Redis", &evidence.redis.server},
                                                           {"PostgreSQL", &evidence.postgres.server},
                                                           {"Prometheus", &evidence.prometheus.server},
                                                           {"Alertmanager", &evidence.alertmanager.server},
                                                           {"Pushgateway", &evidence.pushgateway},
                                                           {"the service", &evidence.service.server}};
  Findings found;
  for (const auto& [title, server] : servers) {
    const double least = std::abs(server->skewSeconds) - server->skewWithin;
    if (!(least > smallSkew)) continue;
    const QString way = server->skewSeconds > 0 ? QStringLiteral("ahead of") : QStringLiteral("behind");
    const bool shows = server == &evidence.prometheus.server;
    found += Finding{{}, least > largeSkew ? Severity::Critical : Severity::Warning,
                     shows ? QStringLiteral("The clock of Prometheus differs from this computer's: Grafana, which asks for times of the browser, shows no data or old data.")
                           : QStringLiteral("The clock of %1 differs from this computer's.").arg(QLatin1String(title)),
                     QStringLiteral("%1 is %2 s %3 this computer (± %4 s)").arg(server->endpoint, number(std::abs(server->skewSeconds)), way, number(server->skewWithin)),
                     QStringLiteral("Let both keep time by NTP: timedatectl set-ntp true; timedatectl status tells which of them is wrong.")};
  }
  return found;
}

}  // namespace cachedeck::doctor
