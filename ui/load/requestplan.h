// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/running_load.h"
#include "ui/load/loadtarget.h"

namespace cachedeck {

/// What an engine is given for a request.
load::RunPlan planOf(const RunRequest& request, const LoadTarget& target);
/// Starts the engine that the request asks for. Looks at the disk: for a worker.
Result<std::unique_ptr<runs::RunningLoad>> startLoad(const RunRequest& request, load::RunPlan plan, const load::LoadPermit& permit);

}  // namespace cachedeck
