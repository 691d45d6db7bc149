// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/notification_counters.h"

#include "core/sources/prometheus/prometheus_json.h"

#include <QRegularExpression>

#include <algorithm>

namespace cachedeck {

namespace {

QString labelOf(const QString& labels, const QString& name) {
  const QRegularExpression label(QStringLiteral("(?:^|,)%1=\"((?:[^\"\\\\]|\\\\.)*)\"").arg(name));
  return label.match(labels).captured(1).replace(QLatin1String("\\\""), QLatin1String("\"")).replace(QLatin1String("\\\\"), QLatin1String("\\"));
}

}  // namespace

bool NotificationCounters::namesReceivers() const {
  return std::any_of(byIntegration.keyBegin(), byIntegration.keyEnd(), [](const auto& key) { return !key.second.isEmpty(); });
}

Notified NotificationCounters::of(const QString& integration, const QString& receiver) const {
  if (namesReceivers()) return byIntegration.value({integration, receiver});
  return byIntegration.value({integration, QString()});
}

NotificationCounters notificationCounters(const QByteArray& metrics) {
  static const QRegularExpression line(QStringLiteral("^alertmanager_(notification_requests(_failed)?_total|dispatcher_aggregation_groups|cluster_members)(?:\\{(.*)\\})? (\\S+)$"), QRegularExpression::MultilineOption);
  NotificationCounters all;
  for (auto lines = line.globalMatch(QString::fromUtf8(metrics)); lines.hasNext();) {
    const auto one = lines.next();
    double value = 0;
    if (!promNumber(one.captured(4), &value)) continue;
    if (one.captured(1).startsWith(QLatin1String("cluster"))) {
      all.members = value;
      continue;
    }
    if (one.captured(1).startsWith(QLatin1String("dispatcher"))) {
      all.groups = all.groups.value_or(0) + value;
      continue;
    }
    Notified& sum = all.byIntegration[{labelOf(one.captured(3), QStringLiteral("integration")), labelOf(one.captured(3), QStringLiteral("receiver_name"))}];
    (one.captured(2).isEmpty() ? sum.tried : sum.failed) += value;
  }
  return all;
}

}  // namespace cachedeck
