// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/alert_groups.h"

#include <QDateTime>
#include <QJsonObject>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qsizetype mostGroups = 10'000;
// From the moment when Prometheus finds an alert to that when its notification is over.
constexpr qint64 onTheWayMs = 15'000;

qint64 timeOf(const QJsonValue& text) { return QDateTime::fromString(text.toString(), Qt::ISODateWithMs).toMSecsSinceEpoch(); }

}  // namespace

void addLook(QList<AlertGroup>& known, const QList<AlertGroup>& seen) {
  const auto sameIn = [](const QList<AlertGroup>& all, const AlertGroup& group) { return std::find_if(all.begin(), all.end(), [&](const AlertGroup& one) { return one.isSame(group); }); };
  for (AlertGroup& group : known) {
    const auto now = sameIn(seen, group);
    group.changed = group.changed || now == seen.end() || !std::is_permutation(group.alerts.begin(), group.alerts.end(), now->alerts.begin(), now->alerts.end(), [](const auto& a, const auto& b) { return a.isSame(b); });
  }
  for (const AlertGroup& group : seen)
    if (sameIn(known, group) == known.end()) known += group;
}

bool AlertGroup::holds(const QString& instance) const {
  return std::any_of(alerts.begin(), alerts.end(), [&](const Alert& one) { return one.instance == instance; });
}

QList<AlertGroup> alertGroups(const QJsonArray& array) {
  QList<AlertGroup> groups;
  for (const QJsonValue& value : array) {
    if (groups.size() >= mostGroups) break;
    AlertGroup group{value[QLatin1String("receiver")][QLatin1String("name")].toString(), {}, {}, false};
    const QJsonObject labels = value[QLatin1String("labels")].toObject();
    for (auto label = labels.begin(); label != labels.end(); ++label) group.labels[label.key()] = label.value().toString();
    for (const QJsonValue& alert : value[QLatin1String("alerts")].toArray())
      group.alerts.append({alert[QLatin1String("labels")][QLatin1String("instance")].toString(), timeOf(alert[QLatin1String("startsAt")]), timeOf(alert[QLatin1String("updatedAt")])});
    groups += group;
  }
  return groups;
}

bool isSettled(const AlertGroup& group, const QList<AlertRoute>& routes, qint64 nowMs) {
  if (group.changed) return false;
  qint64 wait = 0, interval = 0;
  for (const AlertRoute& route : routes) {
    if (route.receiver != group.receiver) continue;
    wait = std::max<qint64>(wait, route.groupWait.count());
    interval = std::max<qint64>(interval, route.groupInterval.count());
  }
  qint64 first = nowMs;
  for (const AlertGroup::Alert& alert : group.alerts) first = std::min(first, alert.startsAtMs);
  return std::all_of(group.alerts.begin(), group.alerts.end(), [&](const AlertGroup::Alert& alert) {
    // What came while it waited went out with the first; what came later waits for the interval.
    const qint64 told = alert.startsAtMs <= first + wait ? first + wait : alert.startsAtMs + interval;
    return nowMs > told + onTheWayMs;
  });
}

}  // namespace cachedeck
