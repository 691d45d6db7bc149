// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertcounter.h"

#include "core/base/text.h"
#include "ui/alerts/alertstext.h"

namespace cachedeck {

namespace {

QString keyOf(const PromLabels& labels) {
  QStringList parts;
  for (auto label = labels.begin(); label != labels.end(); ++label) parts << label.key() << label.value();
  return parts.join(QLatin1Char('\n'));
}

QString textOf(const QString& name, const PromLabels& labels) {
  const QString instance = labels.value(QStringLiteral("instance"));
  return instance.isEmpty() ? printable(name, 80) : QStringLiteral("%1 (%2)").arg(printable(name, 80), printable(instance, 80));
}

}  // namespace

AlertCount AlertCounter::judged(const QList<One>& firing, int pending) {
  AlertCount count;
  count.pending = pending;
  QSet<QString> now;
  for (const One& one : firing) {
    ++count.firing;
    if (severityRank(one.severity) > severityRank(count.worstSeverity)) count.worstSeverity = one.severity;
    if (m_known && !m_firing.contains(one.key) && !now.contains(one.key)) count.newlyFiring << one.text;
    now.insert(one.key);
  }
  m_firing = now;
  m_known = true;
  return count;
}

AlertCount AlertCounter::count(const QList<RuleReading>& rules) {
  QList<One> firing;
  int pending = 0;
  for (const RuleReading& reading : rules)
    for (const PromAlert& alert : reading.rule.alerts) {
      if (alert.state == QLatin1String("pending")) ++pending;
      if (alert.state == QLatin1String("firing")) firing << One{keyOf(alert.labels), textOf(reading.rule.name, alert.labels), alert.labels.value(QStringLiteral("severity"), severityOf(reading))};
    }
  return judged(firing, pending);
}

AlertCount AlertCounter::count(const QList<ManagedAlert>& alerts) {
  QList<One> firing;
  for (const ManagedAlert& alert : alerts)
    if (alert.state == QLatin1String("active") && !alert.labels.contains(QStringLiteral("cachedeck_test")))
      firing << One{keyOf(alert.labels), textOf(alert.labels.value(QStringLiteral("alertname")), alert.labels), alert.labels.value(QStringLiteral("severity"))};
  return judged(firing, 0);
}

}  // namespace cachedeck
