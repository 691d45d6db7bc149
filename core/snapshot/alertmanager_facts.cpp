// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"

namespace cachedeck::snapshot {

namespace {

QString words(const QStringList& all) { return factCell(all.join(QLatin1String(", "))); }

QString matchersOf(const QList<Matcher>& matchers) {
  QStringList all;
  for (const Matcher& matcher : matchers) all << matcherText(matcher);
  return words(all);
}

}  // namespace

Result<FactTable> alertmanagerAlertsFacts(FactLinks& links, QStringList&) {
  const Result<AlertmanagerClient*> client = links.alertmanager();
  if (!client) return client.error();
  const Result<QList<ManagedAlert>> alerts = (*client)->alerts({}, links.stop);
  if (!alerts) return alerts.error();
  FactTable table;
  table.keys = 2;
  table.columns = {factText("Alert"), factText("Labels"), factText("State"), factText("Since"), factText("Receivers"), factText("Silenced by"), factText("Inhibited by")};
  const QString name = QStringLiteral("alertname");
  for (const ManagedAlert& alert : *alerts)
    table.rows += QStringList{factCell(alert.labels.value(name)), factLabels(alert.labels, {name}), factCell(alert.state), factTime(alert.startsAtMs), words(alert.receivers), words(alert.silencedBy), words(alert.inhibitedBy)};
  return table;
}

Result<FactTable> alertmanagerSilencesFacts(FactLinks& links, QStringList&) {
  const Result<AlertmanagerClient*> client = links.alertmanager();
  if (!client) return client.error();
  const Result<QList<Silence>> silences = (*client)->silences(links.stop);
  if (!silences) return silences.error();
  FactTable table;
  table.columns = {factText("Silence"), factText("Matchers"), factText("State"), factText("From"), factText("Until"), factText("Made by"), factText("Comment")};
  for (const Silence& silence : *silences) {
    // Alertmanager lists silences for days after their end.
    if (silence.state == QLatin1String("expired") && silence.endsAtMs < links.fromMs) continue;
    table.rows += QStringList{factCell(silence.id), matchersOf(silence.matchers), factCell(silence.state), factTime(silence.startsAtMs), factTime(silence.endsAtMs), factCell(silence.author), factCell(silence.comment)};
  }
  return table;
}

}  // namespace cachedeck::snapshot
