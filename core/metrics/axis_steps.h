// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

namespace cachedeck {

/// The smallest of 1, 2, 5 × 10ⁿ that is at least `value`, which is above zero.
double niceAbove(double value);

/// From tick to tick on an axis of values that is `range` long: 1, 2 or 5 (of the shown prefix for bytes), whole numbers for counts.
double valueStep(Unit unit, double range, int wantedTicks);

/// Where an axis of percentages begins that has values from `low`: a ratio is no amount, so that it may be above zero. NaN: nothing was measured.
double percentFloor(double low);

/// From tick to tick on an axis of time, in whole seconds as clocks divide them.
qint64 timeStepSeconds(double seconds, double wantedTicks);

}  // namespace cachedeck
