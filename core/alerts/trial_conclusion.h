// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alert_trial.h"
#include "core/alerts/trial_verdict.h"

namespace cachedeck {

/// What became of a test alert after `patience`, and the sentence that says so.
struct TrialConclusion {
  TrialOutcome outcome;
  QString text;
};
TrialConclusion trialConclusion(const TrialSight& sight, const QList<TrialMark>& marks, std::chrono::seconds patience);

/// Of one that cannot be told: with the word by which the alert is found where its receiver tells of alerts.
TrialConclusion unclearTrial(const TrialSight& sight, const QString& why);

}  // namespace cachedeck
