// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1String>

#include <span>

namespace cachedeck::runs {

/// What a record keeps of a server in the time of its run. Page and commands watch the same, or the scorecard of one would lack rows that the other has.
struct RecordedMetrics {
  QLatin1String source;                    ///< id in the registry of sources
  std::span<const QLatin1String> metrics;  ///< ids in the metric catalog
};
std::span<const RecordedMetrics> recordedMetrics();

}  // namespace cachedeck::runs
