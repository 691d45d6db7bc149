// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/rule_reading.h"

namespace cachedeck {

/// The bands of a history that was read a while ago, brought up to `nowMs` by what fires now: a band whose alert still fires goes on, an alert that began since has a band of its own. Oldest first.
QList<AlertBand> bandsUntil(const QList<AlertBand>& history, const QList<RuleReading>& rules, qint64 nowMs);

}  // namespace cachedeck
