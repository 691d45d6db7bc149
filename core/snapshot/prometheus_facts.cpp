// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/rule_reading.h"
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"

#include <QSet>

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

const QString& nameLabel() {
  static const QString name = QStringLiteral("alertname");
  return name;
}

QString said(const PromLabels& annotations) {
  const QString summary = annotations.value(QStringLiteral("summary"));
  return factCell(summary.isEmpty() ? annotations.value(QStringLiteral("description")) : summary);
}

/// Alerts that were pending or firing in the range and are not any more: Prometheus keeps them as the series ALERTS.
void addPast(FactTable& table, PrometheusClient& client, const FactLinks& links, QStringList& notes) {
  const qint64 seconds = std::max<qint64>(1, (links.toMs - links.fromMs) / 1000);
  const Result<PromResult> past = client.query(QStringLiteral("last_over_time(ALERTS[%1s])").arg(seconds), links.stop, links.toMs);
  if (!past) {
    notes += missingSentence(QStringLiteral("Prometheus alerts of the range that are over"), past.error());
    return;
  }
  const QStringList aside{nameLabel(), QStringLiteral("alertstate"), QStringLiteral("__name__")};
  QMap<std::pair<QString, QString>, QString> over;
  for (const PromSeries& series : past->series) {
    const std::pair key{factCell(series.labels.value(nameLabel())), factLabels(series.labels, aside)};
    const QString state = factCell(series.labels.value(QStringLiteral("alertstate")));
    const bool isCurrent = std::any_of(table.rows.begin(), table.rows.end(), [&](const QStringList& row) { return row[0] == key.first && row[1] == key.second; });
    if (!isCurrent && over.value(key) != QLatin1String("firing")) over[key] = state;
  }
  for (auto alert = over.begin(); alert != over.end(); ++alert)
    table.rows += QStringList{alert.key().first, alert.key().second, QStringLiteral("was ") + alert.value(), {}, {}, {}};
}

}  // namespace

Result<FactTable> prometheusAlertsFacts(FactLinks& links, QStringList& notes) {
  const Result<PrometheusClient*> client = links.prometheus();
  if (!client) return client.error();
  const Result<std::vector<PromAlert>> alerts = (*client)->alerts(links.stop);
  if (!alerts) return alerts.error();
  FactTable table;
  table.keys = 2;
  table.columns = {factText("Alert"), factText("Labels"), factText("State"), factText("Since"), factFigure("Value"), factText("Summary")};
  for (const PromAlert& alert : *alerts)
    table.rows += QStringList{factCell(alert.labels.value(nameLabel())), factLabels(alert.labels, {nameLabel()}), factCell(alert.state), factTime(alert.activeAtMs), factNumber(alert.value), said(alert.annotations)};
  addPast(table, **client, links, notes);
  return table;
}

Result<FactTable> prometheusFiringFacts(FactLinks& links, QStringList&) {
  const Result<PrometheusClient*> client = links.prometheus();
  if (!client) return client.error();
  const Result<QList<AlertBand>> bands = alertHistory(**client, links.fromMs, links.toMs, links.stop);
  if (!bands) return bands.error();
  FactTable table;
  table.keys = 3;
  table.columns = {factText("Alert"), factText("Labels"), factText("From"), factText("To"), factText("Severity")};
  for (const AlertBand& band : *bands) table.rows += QStringList{factCell(band.name), factLabels(band.labels, {QStringLiteral("severity")}), factTime(band.fromMs), factTime(band.toMs), factCell(band.severity)};
  return table;
}

Result<FactTable> prometheusRulesFacts(FactLinks& links, QStringList&) {
  const Result<PrometheusClient*> client = links.prometheus();
  if (!client) return client.error();
  const Result<std::vector<PromRuleGroup>> groups = (*client)->rules(links.stop);
  if (!groups) return groups.error();
  FactTable table;
  table.keys = 3;
  table.columns = {factText("Group"), factText("Name"), factText("Labels"), factText("Kind"), factText("Expression"), factFigure("For", "s"), factText("State"), factText("Health"), factText("Last error")};
  for (const PromRuleGroup& group : *groups)
    for (const PromRule& rule : group.rules)
      table.rows += QStringList{factCell(group.name), factCell(rule.name), factLabels(rule.labels), factCell(rule.type), factCell(rule.query.simplified(), 4000),
                                rule.type == QLatin1String("alerting") ? factNumber(rule.holdSeconds) : QString(), factCell(rule.state), factCell(rule.health), factCell(rule.lastError)};
  return table;
}

Result<FactTable> prometheusTargetsFacts(FactLinks& links, QStringList&) {
  const Result<PrometheusClient*> client = links.prometheus();
  if (!client) return client.error();
  const Result<std::vector<PromTarget>> targets = (*client)->targets(links.stop);
  if (!targets) return targets.error();
  FactTable table;
  table.keys = 2;
  table.columns = {factText("Job"), factText("Instance"), factText("Health"), factText("Last error"), factFigure("Scrape", "ms"), factFigure("Interval", "s")};
  for (const PromTarget& target : *targets)
    table.rows += QStringList{factCell(target.labels.value(QStringLiteral("job"))), factCell(target.labels.value(QStringLiteral("instance"))), factCell(target.health), factCell(target.lastError),
                              factNumber(target.lastScrapeSeconds * 1000), target.scrapeIntervalSeconds > 0 ? factNumber(target.scrapeIntervalSeconds) : QString()};
  return table;
}

}  // namespace cachedeck::snapshot
