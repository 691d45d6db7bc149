// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/svg_chart.h"
#include "core/snapshot/svg_text.h"

#include <algorithm>

namespace cachedeck::snapshot {

/// Values and times of a chart as places in its plot; what lies beyond it stands at its edge.
struct PlotPlaces {
  PlotBox box;
  double low, high;
  double x(double at) const { return box.left + std::clamp(at, 0.0, 1.0) * box.width(); }
  double y(double value) const { return box.bottom - std::clamp((value - low) / (high - low), 0.0, 1.0) * box.height(); }
};

/// The lines, areas, stacks and bars of a chart.
void drawLines(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places);
/// Dots on the newest values.
void drawEnds(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places);

}  // namespace cachedeck::snapshot
