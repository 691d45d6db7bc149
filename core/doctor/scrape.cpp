// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/exporters.h"
#include "core/doctor/words.h"
#include "core/sources/prometheus/target_text.h"

#include <algorithm>

namespace cachedeck::doctor {

Findings prometheusConnection(const Evidence& evidence) {
  const Server& server = evidence.prometheus.server;
  if (!server.wanted || !server.error || server.error->isCancelled()) return {};
  return {{{}, Severity::Critical, QStringLiteral("Prometheus at %1 does not answer: Grafana has no data, and no alert is evaluated.").arg(server.endpoint), said(*server.error),
           QStringLiteral("Start it (systemctl start prometheus) and read its log; “promtool check config” finds what is wrong in its files. In Grafana, the data source's URL must be the same as here.")}};
}

Findings exporterDown(const Evidence& evidence) {
  Findings found;
  for (const PromTarget& target : evidence.prometheus.targets) {
    if (target.health != QLatin1String("down")) continue;
    const auto kinds = exporterKinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const ExporterKind& one) { return isOfKind(target, one); });
    const QString name = targetName(target);
    if (kind == kinds.end())
      found += Finding{{}, Severity::Warning, QStringLiteral("Prometheus cannot scrape %1: its panels are empty and its alerts silent.").arg(name), scrapeError(target),
                       QStringLiteral("Start what listens there, or correct or remove its target in scrape_configs of prometheus.yml; then reload Prometheus.")};
    else
      found += Finding{{}, Severity::Critical, QStringLiteral("The exporter of %1 is down (%2): Grafana shows no data of it, and firing alerts of it are resolved falsely.").arg(QLatin1String(kind->title), name), scrapeError(target),
                       QStringLiteral("Start %1 and read its log; if it runs elsewhere, correct its target in scrape_configs of prometheus.yml and reload Prometheus.").arg(QLatin1String(kind->program))};
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
                       QStringLiteral("Check that %1 runs and that address, user and password of the exporter are right: %2. Its log tells what failed.").arg(title, QLatin1String(kind.login))};
    }
    for (const PromSeries& series : evidence.prometheus.answers.value(QLatin1String(kind.errorQuestion)))
      found += Finding{{}, Severity::Warning, QStringLiteral("%1 answers, but part of what it asks %2 fails: some panels are empty.").arg(program, title),
                       QStringLiteral("its last_scrape_error is 1 (%1)").arg(clean(series.labels.value(QStringLiteral("instance")), 80)),
                       QStringLiteral("Read its log. Often its account lacks rights (PostgreSQL: GRANT pg_monitor TO role), or it, or its queries.yaml, is made for another version of %1.").arg(title)};
  }
  return found;
}

Findings exporterNotScraped(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  Findings found;
  if (!prometheus.server.reached() || !prometheus.hasTargets) return found;
  for (const ExporterKind& kind : exporterKinds()) {
    const bool isTarget = std::any_of(prometheus.targets.begin(), prometheus.targets.end(), [&](const PromTarget& target) { return isOfKind(target, kind); });
    if (!isWanted(evidence, kind) || isTarget || prometheus.present.contains(QLatin1String(kind.upSeries))) continue;
    const auto probe = std::find_if(evidence.probes.begin(), evidence.probes.end(), [&](const ExporterProbe& one) { return one.kind == QLatin1String(kind.id); });
    const bool runs = probe != evidence.probes.end() && probe->answers;
    const QString title = QLatin1String(kind.title), program = QLatin1String(kind.program);
    const QString address = probe == evidence.probes.end() ? QStringLiteral("HOST:%1").arg(kind.port) : clean(probe->address, 120);
    const QString scrape = QStringLiteral("Add to scrape_configs in prometheus.yml: {job_name: %1, static_configs: [{targets: ['%2']}]}, then reload it (systemctl reload prometheus).").arg(QLatin1String(kind.id), address);
    found += Finding{{}, Severity::Warning,
                     runs ? QStringLiteral("%1 runs, but Prometheus does not scrape it: Grafana shows no data of %2.").arg(program, title) : QStringLiteral("Prometheus scrapes no exporter of %1: Grafana shows no data of it.").arg(title),
                     runs ? QStringLiteral("%1 answers with metrics; it is none of the %2 targets").arg(address, QString::number(prometheus.targets.size()))
                          : QStringLiteral("none of the %1 targets is one, and nothing answers as one at %2").arg(QString::number(prometheus.targets.size()), address),
                     runs ? scrape : QStringLiteral("Install and start %1 (%2). %3").arg(program, QLatin1String(kind.login), scrape)};
  }
  return found;
}

}  // namespace cachedeck::doctor
