// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/exporters.h"
#include "core/doctor/http_connection.h"
#include "core/doctor/prometheus_age.h"
#include "core/doctor/words.h"
#include "core/sources/prometheus/target_text.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

constexpr HttpRole prometheusRole{"Prometheus",
                                  "Grafana has no data, and no alert is evaluated",
                                  "Start it (systemctl start prometheus) and read its log; promtool check config /etc/prometheus/prometheus.yml finds what is wrong in its files.",
                                  "restart it: systemctl restart prometheus",
                                  "Grafana's data source",
                                  Severity::Critical};

const Server& serverOf(const Evidence& evidence, const ExporterKind& kind) { return QLatin1String(kind.id) == QLatin1String("redis") ? evidence.redis.server : evidence.postgres.server; }

/// An exporter waits for its server, so that one that hangs looks as if its exporter did.
bool hangs(const Server& server) { return server.wanted && server.error && (server.error->kind == Error::Kind::Timeout || server.error->kind == Error::Kind::Unreachable); }

/// Nobody reaches it; a login that is refused is each client's own.
bool isAway(const Server& server) { return hangs(server) || (server.wanted && server.error && (server.error->kind == Error::Kind::Refused || server.error->kind == Error::Kind::Busy)); }

bool isSameTarget(const PromSeries& one, const PromSeries& other) {
  return one.labels.value(QStringLiteral("instance")) == other.labels.value(QStringLiteral("instance")) && one.labels.value(QStringLiteral("job")) == other.labels.value(QStringLiteral("job"));
}

Finding exporterFinding(const Evidence& evidence, const ExporterKind& kind, const PromTarget& target) {
  const QString title = QLatin1String(kind.title), program = QLatin1String(kind.program), name = targetName(target), seen = scrapeError(target);
  const bool late = target.lastError.contains(QLatin1String("deadline exceeded"));
  if (late && hangs(serverOf(evidence, kind)))
    return {{}, Severity::Warning, QStringLiteral("The scrape of %1 takes too long because %2 does not answer: Grafana shows no data of it, and firing alerts of it are resolved falsely.").arg(name, title),
            QStringLiteral("%1; %2 did not answer here either").arg(seen, title), QStringLiteral("Mend %1 first (%2). Its exporter waits for it until the scrape is given up, and need not be restarted.").arg(title, QLatin1String(kind.connectionCheck))};
  const QString consequence = QStringLiteral("Grafana shows no data of it, and firing alerts of it are resolved falsely.");
  if (late)
    return {{}, Severity::Critical, QStringLiteral("The exporter of %1 does not answer in time (%2): %3").arg(title, name, consequence), seen,
            QStringLiteral("Look whether it can reach its %1, for which it waits, and read the log of %2; restart it if it hangs by itself. If it is only slow, lengthen scrape_timeout in prometheus.yml.").arg(title, program)};
  return {{}, Severity::Critical, QStringLiteral("The exporter of %1 is down (%2): %3").arg(title, name, consequence), seen,
          QStringLiteral("Start %1 and read its log; if it runs elsewhere, correct its target in scrape_configs of prometheus.yml and reload Prometheus.").arg(program)};
}

}  // namespace

Findings prometheusConnection(const Evidence& evidence) { return httpConnection(prometheusRole, evidence.prometheus.server); }

Findings exporterDown(const Evidence& evidence) {
  Findings found;
  for (const PromTarget& target : evidence.prometheus.targets) {
    if (target.health != QLatin1String("down")) continue;
    const auto kinds = exporterKinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const ExporterKind& one) { return isOfKind(target, one); });
    if (kind == kinds.end())
      found += Finding{{}, Severity::Warning, QStringLiteral("Prometheus cannot scrape %1: its panels are empty and its alerts silent.").arg(targetName(target)), scrapeError(target),
                       QStringLiteral("Start what listens there, or correct or remove its target in scrape_configs of prometheus.yml; then reload Prometheus.")};
    else
      found += exporterFinding(evidence, *kind, target);
  }
  return found;
}

Findings exporterDatabase(const Evidence& evidence) {
  Findings found;
  for (const ExporterKind& kind : exporterKinds()) {
    const QString title = QLatin1String(kind.title), program = QLatin1String(kind.program);
    for (const PromSeries& series : evidence.prometheus.answers.value(QLatin1String(kind.upSeries))) {
      if (series.points.empty() || series.points.back().second > 0) continue;
      found += Finding{{}, Severity::Critical, QStringLiteral("%1 is scraped, but does not reach its %2: the target is “up” and there is no data.").arg(program, title),
                       QStringLiteral("%1 0 (%2)").arg(QLatin1String(kind.upSeries), clean(series.labels.value(QStringLiteral("instance")), 80)),
                       isAway(serverOf(evidence, kind)) ? QStringLiteral("Mend %1 first (%2): it does not answer here either. Its exporter finds it again by itself.").arg(title, QLatin1String(kind.connectionCheck))
                                                        : QStringLiteral("Check that %1 runs and that address, user and password of the exporter are right: %2. Its log tells what failed.").arg(title, QLatin1String(kind.login))};
    }
    for (const PromSeries& series : evidence.prometheus.answers.value(QLatin1String(kind.errorQuestion))) {
      // What it cannot ask for lack of a server was said.
      const std::vector<PromSeries> up = evidence.prometheus.answers.value(QLatin1String(kind.upSeries));
      if (std::any_of(up.begin(), up.end(), [&](const PromSeries& one) { return isSameTarget(one, series) && !one.points.empty() && !(one.points.back().second > 0); })) continue;
      found += Finding{{}, Severity::Warning, QStringLiteral("%1 answers, but part of what it asks %2 fails: some panels are empty.").arg(program, title),
                       QStringLiteral("its last_scrape_error is 1 (%1)").arg(clean(series.labels.value(QStringLiteral("instance")), 80)),
                       QStringLiteral("Read its log. Often its account lacks rights (PostgreSQL: GRANT pg_monitor TO role), or it, or its queries.yaml, is made for another version of %1.").arg(title)};
    }
  }
  QMap<QString, QStringList> failed;
  for (const PromSeries& series : evidence.prometheus.answers.value(QStringLiteral("pg_collector_failed"))) failed[clean(series.labels.value(QStringLiteral("instance")), 80)] += clean(series.labels.value(QStringLiteral("collector")), 60);
  for (auto one = failed.begin(); one != failed.end(); ++one)
    found += Finding{{}, Severity::Info, QStringLiteral("Collectors of postgres_exporter that worked before fail, or find nothing, for five minutes: their panels are empty."),
                     QStringLiteral("pg_scrape_collector_success 0 (%1): %2").arg(one.key(), listed(*one)), QStringLiteral("Its log tells which it is: “collector failed” has the reason; one that finds no data, as replication without a replica, is well.")};
  return found;
}

Findings exporterNotScraped(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  Findings found;
  if (!prometheus.server.reached() || !prometheus.hasTargets || isDiscovering(prometheus)) return found;
  // One that was not scraped yet may be an exporter under a name of its own.
  if (isYoung(prometheus) && std::any_of(prometheus.targets.begin(), prometheus.targets.end(), [](const PromTarget& target) { return target.health == QLatin1String("unknown"); })) return found;
  for (const ExporterKind& kind : exporterKinds()) {
    if (!isWanted(evidence, kind) || isTarget(prometheus, kind) || comesOtherwise(prometheus, kind)) continue;
    const auto probe = std::find_if(evidence.probes.begin(), evidence.probes.end(), [&](const ExporterProbe& one) { return one.kind == QLatin1String(kind.id); });
    const bool runs = probe != evidence.probes.end() && probe->answers;
    const QString title = QLatin1String(kind.title), program = QLatin1String(kind.program);
    const QString address = probe == evidence.probes.end() ? QStringLiteral("HOST:%1").arg(kind.port) : clean(probe->address, 120);
    const QString scrape = QStringLiteral("Add to scrape_configs in prometheus.yml, on a line of its own: - {job_name: %1, static_configs: [{targets: ['%2']}]}; then reload it (systemctl reload prometheus).").arg(QLatin1String(kind.id), address);
    found += Finding{{}, Severity::Warning,
                     runs ? QStringLiteral("%1 runs, but Prometheus does not scrape it: Grafana shows no data of %2.").arg(program, title) : QStringLiteral("Prometheus scrapes no exporter of %1: Grafana shows no data of it.").arg(title),
                     runs ? QStringLiteral("%1 answers with metrics; it is none of the %2 targets").arg(address, QString::number(prometheus.targets.size()))
                          : QStringLiteral("none of the %1 targets is one, and nothing answers as one at %2").arg(QString::number(prometheus.targets.size()), address),
                     runs ? scrape : QStringLiteral("Install and start %1 (%2). %3").arg(program, QLatin1String(kind.login), scrape)};
  }
  return found;
}

}  // namespace cachedeck::doctor
