// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/rule_reading.h"

namespace cachedeck {

/// Since when an alert is in its state: one that fires was pending for the rule's "for" before, which activeAtMs counts too. Milliseconds since the epoch.
qint64 stateSinceMs(const PromAlert& alert, const PromRule& rule);

/// The bands of a history that was read a while ago, brought up to `nowMs` by what fires now: a band whose alert still fires goes on, an alert that began since has a band of its own. Oldest first.
QList<AlertBand> bandsUntil(const QList<AlertBand>& history, const QList<RuleReading>& rules, qint64 nowMs);

}  // namespace cachedeck
