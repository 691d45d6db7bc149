// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/thresholds.h"
#include "core/runs/run_record.h"

#include <map>
#include <string>

namespace cachedeck::runs {

/// What a scenario's thresholds on `baseline` compare with: load::RunPlan::baseline, out of the pinned run. Thresholds that it has no samples of are left out.
std::map<std::string, double> baselineValues(const RunRecord& pinned, const load::Scenario& scenario);

}  // namespace cachedeck::runs
