// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/http_connection.h"
#include "core/doctor/prometheus_age.h"
#include "core/doctor/words.h"

#include <QUrl>

#include <algorithm>

namespace cachedeck::doctor {

namespace {

/// An entry of “alertmanagers”.
QString targetOf(const AlertmanagerEvidence& alertmanager) {
  if (alertmanager.server.endpoint.isEmpty()) return QStringLiteral("{static_configs: [{targets: ['HOST:9093']}]}");
  const QUrl url(alertmanager.url);
  const QString scheme = url.scheme() == QLatin1String("https") ? QStringLiteral("scheme: https, ") : QString(), path = url.path().isEmpty() ? QString() : QStringLiteral("path_prefix: '%1', ").arg(clean(url.path(), 200));
  return QStringLiteral("{%1%2static_configs: [{targets: ['%3']}]}").arg(scheme, path, clean(alertmanager.server.endpoint, 120));
}

double valueOf(const PromSeries& series) { return series.points.empty() ? 0 : series.points.back().second; }

constexpr HttpRole alertmanagerRole{"Alertmanager",
                                    "no alert reaches anybody",
                                    "Start it (systemctl start prometheus-alertmanager) and read its log; amtool check-config /etc/prometheus/alertmanager.yml finds what is wrong in its file.",
                                    "restart it: systemctl restart prometheus-alertmanager",
                                    "“alerting” of prometheus.yml",
                                    Severity::Critical};

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
  const bool named = prometheus.namesAlertmanagers.value_or(false);
  // After each start and reload it knows none until their discovery has reported, which takes five seconds or more.
  if (prometheus.namesAlertmanagers.value_or(true) && sinceLoaded(prometheus) < discoverySeconds) return {};
  const QString what = QStringLiteral("Prometheus sends its alerts to no Alertmanager: they fire, and nobody is told.");
  if (named)
    return {{{}, Severity::Critical, what, QStringLiteral("activeAlertmanagers is empty, though its configuration has alertmanagers"),
             QStringLiteral("Look at “alertmanagers” in its configuration (Status, Configuration): its discovery finds none, or relabel_configs drop them all. Prometheus's log tells errors of the discovery.")}};
  return {{{}, Severity::Critical, what, QStringLiteral("activeAlertmanagers is empty"), QStringLiteral("Add to prometheus.yml, on a line of its own: alerting: {alertmanagers: [%1]} – then reload Prometheus.").arg(targetOf(evidence.alertmanager))}};
}

Findings alertmanagerUnreachable(const Evidence& evidence) {
  Findings found = httpConnection(alertmanagerRole, evidence.alertmanager.server);
  QStringList seen;
  const std::vector<PromSeries> inTime = evidence.prometheus.answers.value(QStringLiteral("send_errors"));
  for (const PromSeries& series : inTime)
    if (valueOf(series) > 0) seen += QStringLiteral("%1: %2 in 15 minutes").arg(clean(series.labels.value(QStringLiteral("alertmanager")), 120), number(std::round(valueOf(series))));
  const bool recent = !seen.isEmpty();
  if (!recent) {
    const QMap<QString, double> errors = evidence.prometheus.own.by("prometheus_notifications_errors_total", "alertmanager");
    for (auto one = errors.begin(); one != errors.end(); ++one)
      if (*one > 0) seen += QStringLiteral("%1: %2 since Prometheus started").arg(clean(one.key(), 120), number(*one));
  }
  if (!seen.isEmpty())
    // Where Prometheus scrapes itself, those of before are over.
    found += Finding{{}, recent ? Severity::Critical : inTime.empty() ? Severity::Warning : Severity::Info, recent ? QStringLiteral("Prometheus cannot deliver alerts to its Alertmanager.") : QStringLiteral("Prometheus could not deliver some alerts to its Alertmanager."),
                     QStringLiteral("alerts that were not delivered: %1").arg(listed(seen)),
                     QStringLiteral("%1 Compare its address with “alerting” in prometheus.yml; Prometheus's log tells why it could not send.").arg(QLatin1String(alertmanagerRole.start))};
  return found;
}

Findings alertsNotArriving(const Evidence& evidence) {
  if (!evidence.alertmanager.server.reached() || !evidence.prometheus.server.reached()) return {};
  QStringList lost;
  // What was sent before it knew its Alertmanagers is sent again only after the delay for that.
  if (sinceLoaded(evidence.prometheus) < discoverySeconds + evidence.prometheus.resendSeconds) return {};
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
