// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

using Alert = ManagedAlert;

bool isCritical(const Alert& alert) { return alert.labels.value(QStringLiteral("severity")) == QLatin1String("critical"); }

/// amtool asks localhost:9093 where it is told nothing else.
QString amtool(const AlertmanagerEvidence& alertmanager) { return QStringLiteral("amtool --alertmanager.url=%1").arg(clean(alertmanager.url, 300)); }

/// The labels that routes ask for, as an argument of a shell.
QString routeLabels(const Alert& alert) {
  QStringList words;
  for (const QString& label : {QStringLiteral("alertname"), QStringLiteral("severity")})
    if (QString value = clean(alert.labels.value(label), 80); !value.isEmpty()) words += QStringLiteral("'%1=%2'").arg(label, value.replace(QLatin1Char('\''), QLatin1String("'\\''")));
  return words.join(QLatin1Char(' '));
}

QString silenceText(const AlertmanagerEvidence& alertmanager, const QString& id) {
  const auto silence = alertmanager.silences.find(id);
  if (silence == alertmanager.silences.end()) return QStringLiteral("silence %1").arg(clean(id, 40));
  return QStringLiteral("silence %1 by %2 until %3: “%4”").arg(clean(id, 40), clean(silence->by, 60), clean(silence->until, 30), clean(silence->comment, 80));
}

}  // namespace

Findings receiverEmpty(const Evidence& evidence) {
  const AlertmanagerEvidence& alertmanager = evidence.alertmanager;
  if (!alertmanager.server.reached() || !alertmanager.receivers) return {};
  QStringList empty;
  for (const AlertReceiver& receiver : *alertmanager.receivers)
    if (receiver.integrations.isEmpty()) empty += receiver.name;
  const auto remedy = [&](const QString& labels) {
    return QStringLiteral("Give the receiver an integration in alertmanager.yml (slack_configs, webhook_configs, email_configs …), or route to one that has it, then reload Alertmanager. Where an alert goes is shown by: %1 config routes test %2").arg(amtool(alertmanager), labels);
  };
  const QString anyLabels = QStringLiteral("severity=critical");
  if (empty.size() == alertmanager.receivers->size())
    return {{{}, Severity::Critical, QStringLiteral("No receiver of Alertmanager has an integration: nobody is ever told of an alert."), QStringLiteral("receivers: %1").arg(clean(listed(empty), 300)), remedy(anyLabels)}};
  QStringList lost;
  QString labels;
  for (const Alert& alert : alertmanager.alerts) {
    const bool nowhere = std::all_of(alert.receivers.begin(), alert.receivers.end(), [&](const QString& name) { return empty.contains(name); });
    if (!nowhere || alert.receivers.isEmpty()) continue;
    lost += QStringLiteral("%1 → %2").arg(alertName(alert.labels), clean(alert.receivers.first(), 60));
    labels = routeLabels(alert);
  }
  if (!lost.isEmpty()) return {{{}, Severity::Warning, counted(lost.size(), "An alert is routed to a receiver without an integration: nobody is told of it.", "%1 alerts are routed to a receiver without an integration: nobody is told of them."), listed(lost), remedy(labels)}};
  if (!empty.contains(alertmanager.rootReceiver)) return {};
  return {{{}, Severity::Info, QStringLiteral("Alerts that no route matches go to a receiver without an integration: nobody would be told of them."),
           QStringLiteral("the root route's receiver “%1” has none").arg(clean(alertmanager.rootReceiver, 80)), remedy(anyLabels)}};
}

Findings alertsSilenced(const Evidence& evidence) {
  QStringList seen;
  bool critical = false;
  QStringList ids;
  for (const Alert& alert : evidence.alertmanager.alerts) {
    if (alert.silencedBy.isEmpty()) continue;
    const QString id = alert.silencedBy.first();
    if (const QString known = clean(id, 40); !ids.contains(known)) ids += known;
    seen += QStringLiteral("%1 by %2").arg(alertName(alert.labels), silenceText(evidence.alertmanager, id));
    critical = critical || isCritical(alert);
  }
  if (seen.isEmpty()) return {};
  return {{{}, critical ? Severity::Warning : Severity::Info, counted(seen.size(), "An alert fires and is silenced.", "%1 alerts fire and are silenced."), listed(seen, 3),
           QStringLiteral("If that is not meant any more, end it on the page Alerts, or by: %1 silence expire %2").arg(amtool(evidence.alertmanager), ids.mid(0, 5).join(QLatin1Char(' ')))}};
}

Findings alertsInhibited(const Evidence& evidence) {
  QStringList seen;
  for (const Alert& alert : evidence.alertmanager.alerts)
    if (!alert.inhibitedBy.isEmpty()) seen += alertName(alert.labels);
  if (seen.isEmpty()) return {};
  return {{{}, Severity::Info, counted(seen.size(), "An alert fires and is inhibited by one that is more severe.", "%1 alerts fire and are inhibited by others that are more severe."), listed(seen),
           QStringLiteral("Look after the alerts that inhibit them. If they should be told too, narrow inhibit_rules (matchers, equal) in alertmanager.yml.")}};
}

Findings webhookUnreachable(const Evidence& evidence) {
  QStringList seen;
  bool recent = false;
  const std::vector<PromSeries> inTime = evidence.prometheus.answers.value(QStringLiteral("notify_failed"));
  for (const PromSeries& series : inTime) {
    const double failed = series.points.empty() ? 0 : series.points.back().second;
    if (!(failed > 0)) continue;
    recent = true;
    seen += QStringLiteral("%1: %2 attempts failed in 15 minutes").arg(clean(series.labels.value(QStringLiteral("integration")), 40), number(std::ceil(failed)));
  }
  if (!recent) {
    const QMap<QString, double> failed = evidence.alertmanager.own.by("alertmanager_notifications_failed_total", "integration"), all = evidence.alertmanager.own.by("alertmanager_notifications_total", "integration");
    for (auto one = failed.begin(); one != failed.end(); ++one)
      if (*one > 0) seen += QStringLiteral("%1: %2 of %3 failed since Alertmanager started").arg(clean(one.key(), 40), number(*one), number(all.value(one.key())));
  }
  if (seen.isEmpty()) return {};
  // Where Prometheus scrapes Alertmanager, those of before are over.
  return {{{}, recent ? Severity::Critical : inTime.empty() ? Severity::Warning : Severity::Info,
           recent           ? QStringLiteral("Alertmanager cannot deliver notifications: the webhook does not answer or refuses them.")
           : inTime.empty() ? QStringLiteral("Alertmanager could not deliver some notifications since it started. Whether that goes on would be known if Prometheus scraped it.")
                            : QStringLiteral("Alertmanager could not deliver some notifications; later ones went well."),
           listed(seen),
           QStringLiteral("Its log tells why (“Notify attempt failed”). Check the receiver's URL in alertmanager.yml from its host: curl -i URL. 404 and 403: make a new webhook in Slack; refused or timeout: firewall or proxy (http_config: proxy_url).")}};
}

}  // namespace cachedeck::doctor
