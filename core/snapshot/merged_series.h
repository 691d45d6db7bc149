// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/series.h"

namespace cachedeck::snapshot {

/// Two records of the same servers as one, group by group: samples just taken, what a window remembers, a recording, Prometheus. A sample stands for the time before it. Each moment has the
/// sample of whichever record was finer there, the first where they are about the same; a coarse sample that a finer record overlaps in part stands at the end of what is left of it (of less than
/// a second nothing is). Metrics of either are kept: where the finer one did not measure one, the other's value stands. Where neither measured anything, or a server was restarted, a row of NaN
/// breaks the lines. The first row of a record, which has no rates yet, is left out where the other reaches up to it.
std::vector<SeriesGroup> mergedSeries(std::vector<SeriesGroup> first, std::vector<SeriesGroup> second);

}  // namespace cachedeck::snapshot
