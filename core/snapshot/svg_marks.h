// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/svg_lines.h"

namespace cachedeck::snapshot {

/// How high the band above the plot is in which the marks' labels stand, so that they hide no data; 0 without marks.
double markBand(const ChartData& data);

/// Actions and runs that lasted, below the lines.
void drawStretches(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places);
/// Beginnings and labels. Each has its number where it has one and there is room; then the newest have their words, as far as no other label is in the way.
void drawMarks(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places);

}  // namespace cachedeck::snapshot
