// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/figures.h"
#include "core/load/scenario.h"

#include <map>
#include <string>
#include <vector>

namespace cachedeck::load {

/// A threshold that was read. Metrics: trend http_req_duration (ms; also per step by {step:NAME} or {endpoint:NAME}), rates http_req_failed, checks, cache_hits (0 to 1),
/// counters http_reqs, errors, iterations, dropped_iterations, data_received, data_sent, gauge vus. `{…}` selects by tags of a step.
struct Threshold {
  ThresholdRule rule;
  std::string metric;
  std::map<std::string, std::string> selector;
  std::string method;        ///< avg, min, max, med, p, count, rate, value
  double percent = 0;        ///< of p(N)
  std::string comparison;    ///< <, <=, >, >=, ==, != (k6's === is ==)
  double constant = 0;       ///< the bound is constant + factor × baseline; of trends in milliseconds
  double factor = 0;
  bool operator==(const Threshold&) const = default;
};

/// k6's grammar, and `baseline*F + N[ms]` on the right. The failure says what is wrong, and where: "p(95) needs a comparison: p(95)<100".
Expected<Threshold, std::string> parseThreshold(const ThresholdRule& rule);
/// As k6 judges: an empty rate passes, an empty trend or counter counts as 0 only at the end (`final`). `tagsOf`: tags of each step by its name (step=name is among them).
/// A threshold on `baseline` without one passes and is not known.
ThresholdVerdict judge(const Threshold& threshold, const RunFigures& figures, const std::map<std::string, std::map<std::string, std::string>>& tagsOf,
                       const std::map<std::string, double>& baseline, bool final);
/// The key of a baseline's value: "http_req_duration{step:list} p(95)".
std::string baselineKey(const Threshold& threshold);

}  // namespace cachedeck::load
