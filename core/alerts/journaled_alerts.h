// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alert_trial.h"

namespace cachedeck {

/// Under whose name a change of Alertmanager stands in the journal.
struct AlertJournal {
  QString profile, environment;  ///< names
  QString configFolder;          ///< of the key that seals the journal
};

/// Each writes its begin into the journal first, and does nothing when that fails; its end holds what came of it. All block.
/// Actions: "alerts.silence", "alerts.expire", "alerts.test". Errors: the journal's, and Alertmanager's.

/// Gives the silence's id.
Result<QString> silenceJournaled(AlertmanagerClient& client, const Silence& silence, const AlertJournal& place, std::stop_token stop);
Result<void> expireJournaled(AlertmanagerClient& client, const Silence& silence, const AlertJournal& place, std::stop_token stop);
/// As tryAlert().
Result<TrialOutcome> tryAlertJournaled(AlertmanagerClient& client, const TrialOptions& options, const AlertJournal& place, const Clock& clock, const std::function<void(const TrialStep&)>& step,
                                       const std::stop_token& stop);

}  // namespace cachedeck
