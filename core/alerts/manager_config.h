// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace cachedeck {

// An Alertmanager's configuration as its status page prints it: always the same YAML, two spaces a level, without comments.

struct AlertReceiver {
  QString name;
  QStringList integrations;       ///< what it notifies by: "slack", "webhook" …
  QMap<QString, int> configs{};   ///< how many of each it has
};

/// A route as it acts: what it does not say itself is its parent's, at last Alertmanager's default.
struct AlertRoute {
  QString receiver;
  std::chrono::milliseconds groupWait{30'000}, groupInterval{300'000};
};

/// Nothing where the text is not of this form.
std::optional<QList<AlertReceiver>> receiversOf(const QString& yaml);
/// Of one receiver; nothing where it is not in it.
std::optional<QStringList> integrationsOf(const QString& yaml, const QString& receiver);
/// The receiver of the route at the top; empty where there is none.
QString rootReceiverOf(const QString& yaml);
/// All routes, the one at the top first; none where there is no route section.
QList<AlertRoute> routesOf(const QString& yaml);

}  // namespace cachedeck
