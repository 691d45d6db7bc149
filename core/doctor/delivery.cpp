// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

double valueOf(const PromSeries& series) { return series.points.empty() ? 0 : series.points.back().second; }

/// Prometheus adds its external labels to what it sends.
bool isThere(const PromAlert& alert, const QList<ManagedAlert>& there) {
  return std::any_of(there.begin(), there.end(), [&](const ManagedAlert& one) {
    for (auto label = alert.labels.begin(); label != alert.labels.end(); ++label)
      if (one.labels.value(label.key()) != label.value()) return false;
    return true;
  });
}

}  // namespace

Findings alertmanagerNone(const Evidence& evidence) {
  const PrometheusEvidence& prometheus = evidence.prometheus;
  if (!prometheus.server.reached() || !prometheus.alertmanagers || !prometheus.alertmanagers->isEmpty()) return {};
  const QString address = evidence.alertmanager.server.endpoint.isEmpty() ? QStringLiteral("HOST:9093") : evidence.alertmanager.server.endpoint;
  return {{{}, Severity::Critical, QStringLiteral("Prometheus sends its alerts to no Alertmanager: they fire, and nobody is told."), QStringLiteral("activeAlertmanagers is empty"),
           QStringLiteral("Add to prometheus.yml: alerting: {alertmanagers: [{static_configs: [{targets: ['%1']}]}]}, then reload Prometheus.").arg(address)}};
}

Findings alertmanagerUnreachable(const Evidence& evidence) {
  Findings found;
  const Server& server = evidence.alertmanager.server;
  const QString start = QStringLiteral("Start Alertmanager (systemctl start prometheus-alertmanager; amtool check-config finds what is wrong in its file), and compare its address with “alerting” in prometheus.yml.");
  if (server.wanted && server.error && !server.error->isCancelled())
    found += Finding{{}, Severity::Critical, QStringLiteral("Alertmanager at %1 does not answer: no alert reaches anybody.").arg(server.endpoint), said(*server.error), start};
  QStringList seen;
  for (const PromSeries& series : evidence.prometheus.answers.value(QStringLiteral("send_errors")))
    seen += QStringLiteral("%1: %2 in 15 minutes").arg(clean(series.labels.value(QStringLiteral("alertmanager")), 120), number(std::round(valueOf(series))));
  const bool recent = !seen.isEmpty();
  if (!recent) {
    const QMap<QString, double> errors = evidence.prometheus.own.by("prometheus_notifications_errors_total", "alertmanager");
    for (auto one = errors.begin(); one != errors.end(); ++one)
      if (*one > 0) seen += QStringLiteral("%1: %2 since Prometheus started").arg(clean(one.key(), 120), number(*one));
  }
  if (!seen.isEmpty())
    found += Finding{{}, recent ? Severity::Critical : Severity::Warning, recent ? QStringLiteral("Prometheus cannot deliver alerts to its Alertmanager.") : QStringLiteral("Prometheus could not deliver some alerts to its Alertmanager."),
                     QStringLiteral("alerts that were not delivered: %1").arg(listed(seen)), start};
  return found;
}

Findings alertsNotArriving(const Evidence& evidence) {
  if (!evidence.alertmanager.server.reached() || !evidence.prometheus.server.reached()) return {};
  QStringList lost;
  for (const PromAlert& alert : evidence.prometheus.alerts) {
    // Sent with the evaluation in which it fires; half a minute is a delivery that was tried twice.
    const bool due = alert.state == QLatin1String("firing") && evidence.prometheus.nowMs - alert.activeAtMs > 30'000;
    if (due && !isThere(alert, evidence.alertmanager.alerts)) lost += alertName(alert.labels);
  }
  if (lost.isEmpty()) return {};
  return {{{}, Severity::Critical, counted(lost.size(), "An alert fires in Prometheus and is not in this Alertmanager.", "%1 alerts fire in Prometheus and are not in this Alertmanager."), listed(lost),
           QStringLiteral("Compare “alerting” in prometheus.yml with this Alertmanager's address (%1); alert_relabel_configs there may drop or rename alerts.").arg(evidence.alertmanager.server.endpoint)}};
}

}  // namespace cachedeck::doctor
