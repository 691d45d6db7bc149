// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertreadings.h"

#include <QSet>

namespace cachedeck {

/// How many alerts there are, and which of them nobody was told of yet.
struct AlertCount {
  int firing = 0, pending = 0;
  QString worstSeverity;     ///< of those that are firing
  QStringList newlyFiring;   ///< "HighRedisMemory (redis-01:9121)"
};

/// Counts, and remembers what was firing at the last count. What is firing at the first count is not new.
class AlertCounter {
 public:
  void restart() { *this = {}; }
  AlertCount count(const QList<RuleReading>& rules);
  /// Where no Prometheus is: those that Alertmanager has and nothing suppresses, test alerts apart.
  AlertCount count(const QList<ManagedAlert>& alerts);

 private:
  struct One {
    QString key, text, severity;
  };
  AlertCount judged(const QList<One>& firing, int pending);
  bool m_known = false;
  QSet<QString> m_firing;
};

}  // namespace cachedeck
