// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alertmanager_json.h"
#include "core/alerts/rule_reading.h"

namespace cachedeck {

/// What Prometheus said at one time.
struct RulesReading {
  QList<RuleReading> rules;
  QString endpoint;
  qint64 atMs = 0;
};

/// When alerts were firing.
struct AlertHistory {
  QList<AlertBand> bands;
  qint64 fromMs = 0, toMs = 0;
  QString problem{};  ///< why it was not read
};

/// What Alertmanager said at one time.
struct ManagerReading {
  QList<ManagedAlert> alerts;
  QList<Silence> silences;
  QStringList receivers;
  ManagerStatus status;
  QString endpoint;
  qint64 atMs = 0;
};

}  // namespace cachedeck
