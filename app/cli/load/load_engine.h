// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/load/load_arguments.h"
#include "core/runs/run_record.h"
#include "core/runs/running_load.h"

namespace cachedeck {

/// Starts the engine that the arguments ask for. The error says what is wrong with them, or what to install.
Result<std::unique_ptr<runs::RunningLoad>> startEngine(const LoadArguments& arguments, load::RunPlan plan, const load::LoadPermit& permit);
/// The record of what startEngine() will do.
runs::RunRecord beginRecordFor(const LoadArguments& arguments, const load::RunPlan& plan, const QString& url, qint64 nowMs);

}  // namespace cachedeck
