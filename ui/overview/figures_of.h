// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/history.h"
#include "ui/charts/panelinfo.h"

namespace cachedeck {

/// The last five minutes of a stretch, or all of it when it is shorter: what "in the window" means on tiles and gauge.
TimeSpan recentPart(const TimeSpan& span);
/// Σ hits / Σ (hits + misses) of a stretch in percent, from the per-second rates; NaN when nothing was looked up.
double hitRatio(const History& history, const TimeSpan& span);
/// "5 min": the length of a stretch in the words of a subtitle.
QString spanLength(const TimeSpan& span);

}  // namespace cachedeck
