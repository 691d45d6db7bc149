// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/baseline_values.h"

namespace cachedeck::runs {

std::map<std::string, double> baselineValues(const RunRecord& pinned, const load::Scenario& scenario) {
  std::map<std::string, std::map<std::string, std::string>> tagsOf;
  for (const load::Step& step : scenario.steps) {
    tagsOf[step.name] = step.tags;
    tagsOf[step.name]["step"] = step.name;
  }
  std::map<std::string, double> values;
  for (const load::ThresholdRule& rule : scenario.thresholds) {
    auto threshold = load::parseThreshold(rule);
    if (!threshold || threshold->factor == 0) continue;
    const std::string key = load::baselineKey(*threshold);
    threshold->factor = 0;  // the pinned run's own value is wanted, against no baseline
    const load::ThresholdVerdict verdict = load::judge(*threshold, pinned.figures, tagsOf, {}, true);
    if (verdict.known) values[key] = verdict.value;
  }
  return values;
}

}  // namespace cachedeck::runs
