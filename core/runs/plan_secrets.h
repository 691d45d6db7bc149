// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"
#include "core/load/load_run.h"

#include <vector>

namespace cachedeck::runs {

/// Secrets among what a run is given, for the Redactor, which knows them as long as these live. `isScript`: a k6 script of the operator's makes the load; what it may take from its environment
/// counts then, in which the plan's variables are.
std::vector<Secret> secretsOf(const load::RunPlan& plan, bool isScript);

}  // namespace cachedeck::runs
