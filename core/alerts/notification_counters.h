// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>

#include <optional>
#include <utility>

namespace cachedeck {

/// Attempts to notify, of which some failed.
struct Notified {
  double tried = 0, failed = 0;
  bool operator==(const Notified&) const = default;
  double succeeded() const { return tried - failed; }
};

/// What an Alertmanager's /metrics says of its notifications since its start. Attempts count when they end (alertmanager_notifications_total counts before the first one).
struct NotificationCounters {
  QMap<std::pair<QString, QString>, Notified> byIntegration;  ///< of integration and receiver; the latter is empty where it is not told
  std::optional<double> groups;                               ///< how many groups of alerts there are, those among them whose alerts have all ended

  double members = 1;                                         ///< of its cluster: one of them notifies

  /// By receiver: since 0.27, with --enable-feature=receiver-name-in-metrics.
  bool namesReceivers() const;
  /// Of one receiver where receivers are told, else of all that have the integration.
  Notified of(const QString& integration, const QString& receiver) const;
};

NotificationCounters notificationCounters(const QByteArray& metrics);

}  // namespace cachedeck
