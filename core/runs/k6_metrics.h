// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace cachedeck::runs {

/// Values of k6's metrics by their names, whether from its feed or from its summary: {"http_req_duration": {"avg": 12.1, "p(95)": 30}, "http_reqs": {"count": 8, "rate": 4}}.
/// Of a rate "rate" (0 to 1), and where it is known "passes" and "fails"; of a gauge "value", "min", "max". A metric without samples is not there.
using K6Values = std::map<std::string, double, std::less<>>;
using K6Metrics = std::map<std::string, K6Values, std::less<>>;

/// Whole-run values into counts, latencies and steps (metrics with a tag {step:…}). What k6 does not say stays as it is.
void takeMetrics(const K6Metrics& metrics, load::RunFigures& figures);
/// Values of one period. Hits and misses are not in it: of a rate k6 gives the share alone, without its count.
load::SecondFigures secondOf(const K6Metrics& period, std::int64_t fromMs, std::int64_t widthMs);
/// What a threshold's expression ("p(95)<100") was held against; nothing where that value was not given.
std::optional<double> thresholdReading(const K6Metrics& metrics, const std::string& metric, const std::string& expression);

}  // namespace cachedeck::runs
