// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"

#include <limits>

namespace cachedeck::load {

// Latencies of a step, whoever measured them: from the histogram, else from the few values that another program gave. NaN where nobody knows.

inline bool isTimed(const StepFigures& step) { return step.latency.count() > 0 || step.trend.has_value(); }

inline double meanNs(const StepFigures& step) { return step.trend ? step.trend->meanMs * 1e6 : step.latency.meanNs(); }

inline double maxNs(const StepFigures& step) { return step.trend ? step.trend->maxMs * 1e6 : static_cast<double>(step.latency.maxNs()); }

/// Of a trend only 0, 50, 90, 95, 99 and 100 are known.
inline double percentileNs(const StepFigures& step, double percent) {
  if (!step.trend) return step.latency.percentileNs(percent);
  const TrendFigures& trend = *step.trend;
  const std::pair<double, double> known[] = {{0, trend.minMs}, {50, trend.p50Ms}, {90, trend.p90Ms}, {95, trend.p95Ms}, {99, trend.p99Ms}, {100, trend.maxMs}};
  for (const auto& [at, ms] : known)
    if (at == percent) return ms * 1e6;
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace cachedeck::load
