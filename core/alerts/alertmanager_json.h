// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/prometheus/prometheus_types.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QList>

namespace cachedeck {

/// An alert as Alertmanager has it.
struct ManagedAlert {
  PromLabels labels, annotations;
  QString fingerprint;
  QString state;  ///< "active", "suppressed" or "unprocessed"
  QStringList receivers, silencedBy, inhibitedBy;
  qint64 startsAtMs = 0, endsAtMs = 0;
};

/// One condition of a silence.
struct Matcher {
  QString name, value;
  bool isRegex = false, isEqual = true;
  bool operator==(const Matcher&) const = default;
};
/// name="value", =~, != or !~.
QString matcherText(const Matcher& matcher);

struct Silence {
  QString id;
  QList<Matcher> matchers;
  qint64 startsAtMs = 0, endsAtMs = 0;
  QString author, comment;
  QString state;  ///< "active", "pending" or "expired"
};

struct ManagerStatus {
  QString version, cluster;  ///< cluster: "ready", "disabled", …
  QString config;            ///< YAML; Alertmanager hides secrets in it
  qint64 startedMs = 0;
};

/// Of answers of /api/v2; entries beyond 10,000 are left out.
QList<ManagedAlert> managedAlerts(const QJsonArray& array);
QList<Silence> silences(const QJsonArray& array);
ManagerStatus managerStatus(const QJsonObject& object);
QJsonObject toJson(const Silence& silence);

}  // namespace cachedeck
