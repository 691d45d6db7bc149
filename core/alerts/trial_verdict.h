// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alert_groups.h"
#include "core/alerts/notification_counters.h"

#include <chrono>

namespace cachedeck {

/// What is known while a test alert is followed. Counters do not say whose notification they counted: that is what the rest is for.
struct TrialSight {
  QString instance;                    ///< of the test alert
  QStringList receivers;               ///< that it was routed to
  QList<AlertReceiver> known;          ///< all receivers of the configuration
  QList<AlertRoute> routes;
  NotificationCounters before, due, now;  ///< before it was posted; the last before its own group may notify; the latest
  QList<AlertGroup> groups;            ///< all that were seen, its own among them
  bool joined = false;                 ///< its group was there before: what that group tells need not be of this alert
  double hidden = 0;                   ///< groups whose alerts have all ended, so that nobody knows whose they are; they tell of that end
  qint64 nowMs = 0;                    ///< by Alertmanager's clock
  std::chrono::milliseconds lasted{0}; ///< since `before`
};

/// What became of one integration of one receiver.
struct TrialMark {
  enum class State { Waiting, Told, Failing, Unclear };
  QString receiver, integration;
  State state = State::Waiting;
  double succeeded = 0, failed = 0;  ///< attempts that were counted since it was due
  double rivals = 0;                 ///< other groups that may have made them
  bool alone = true;                 ///< no other group has this counter
};

/// Never says that it was told where others may have been instead.
QList<TrialMark> trialMarks(const TrialSight& sight);

}  // namespace cachedeck
