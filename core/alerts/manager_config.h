// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace cachedeck {

// An Alertmanager's configuration as its status page prints it: always the same YAML, two spaces a level, without comments.

struct AlertReceiver {
  QString name;
  QStringList integrations;  ///< what it notifies by: "slack", "webhook" …
};

/// Nothing where the text is not of this form.
std::optional<QList<AlertReceiver>> receiversOf(const QString& yaml);
/// Of one receiver; nothing where it is not in it.
std::optional<QStringList> integrationsOf(const QString& yaml, const QString& receiver);
/// The receiver of the route at the top; empty where there is none.
QString rootReceiverOf(const QString& yaml);
/// The longest group_wait that it says, at most 10 min; 30 s, Alertmanager's default, where it says none.
std::chrono::seconds longestGroupWait(const QString& yaml);

}  // namespace cachedeck
