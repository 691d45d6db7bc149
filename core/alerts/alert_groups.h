// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/manager_config.h"
#include "core/sources/prometheus/prometheus_types.h"

#include <QJsonArray>
#include <QList>

namespace cachedeck {

/// Alerts that one receiver is told of together (/api/v2/alerts/groups): those that have ended are not listed, nor are groups that have no other.
struct AlertGroup {
  struct Alert {
    QString instance;
    qint64 startsAtMs = 0, updatedAtMs = 0;
    bool isSame(const Alert& other) const { return instance == other.instance && startsAtMs == other.startsAtMs; }
  };
  QString receiver;
  PromLabels labels;
  QList<Alert> alerts;
  bool changed = false;  ///< alerts came or went while it was looked at

  bool isSame(const AlertGroup& other) const { return receiver == other.receiver && labels == other.labels; }
  bool holds(const QString& instance) const;
};

/// Entries beyond 10,000 are left out.
QList<AlertGroup> alertGroups(const QJsonArray& array);

/// Adds what another look saw: groups that are new, and which of the known ones have changed.
void addLook(QList<AlertGroup>& known, const QList<AlertGroup>& seen);

/// It has told of every alert that it has, so that nothing is due before one comes, ends or is repeated. `nowMs`: by Alertmanager's clock.
bool isSettled(const AlertGroup& group, const QList<AlertRoute>& routes, qint64 nowMs);

}  // namespace cachedeck
