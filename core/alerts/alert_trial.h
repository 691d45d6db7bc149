// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alertmanager_client.h"
#include "core/base/clock.h"

#include <functional>

namespace cachedeck {

/// How a test alert is sent.
struct TrialOptions {
  QString severity = QStringLiteral("warning");
  QString author;                          ///< who asks, for the alert's text
  std::chrono::seconds patience{0};        ///< for a notification; 0: until its group notifies by group_wait or group_interval, and 15 s
};

/// A step of the way, as it is reported while it goes on.
struct TrialStep {
  enum class State { UnderWay, Done, Stopped, Unclear };
  State state = State::UnderWay;
  QString text;
};

/// What became of a test alert.
struct TrialOutcome {
  bool delivered = false;
  bool unclear = false;       ///< whether it was delivered cannot be told: `stoppedAt` says why
  QStringList receivers;      ///< that it was routed to
  QStringList integrations;   ///< that sent a notification: "slack"
  QString stoppedAt;          ///< a sentence or two; empty when it was delivered
  bool resolved = false;      ///< it was taken back
};

/// Posts a clearly marked alert, follows it to a receiver's notification and takes it back, also when it is cancelled. Blocks. Errors: Alertmanager cannot be reached or refuses it.
Result<TrialOutcome> tryAlert(AlertmanagerClient& client, const TrialOptions& options, const Clock& clock, const std::function<void(const TrialStep&)>& step, const std::stop_token& stop);

}  // namespace cachedeck
