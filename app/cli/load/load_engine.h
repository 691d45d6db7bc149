// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/load/load_arguments.h"
#include "core/load/load_permit.h"
#include "core/runs/run_record.h"

#include <memory>

namespace cachedeck {

/// A run under way, whoever makes the load: Cachedeck's own engine or an installed k6.
class LoadEngine {
 public:
  virtual ~LoadEngine() = default;
  virtual load::RunFigures figures() const = 0;
  virtual bool ended() const = 0;
  virtual load::RunFigures wait() = 0;
  virtual void stop() = 0;
};

/// Starts the one that the arguments ask for. The error says what is wrong with them, or what to install.
Result<std::unique_ptr<LoadEngine>> startEngine(const LoadArguments& arguments, load::RunPlan plan, const load::LoadPermit& permit);
/// The record of what startEngine() will do.
runs::RunRecord beginRecordFor(const LoadArguments& arguments, const load::RunPlan& plan, const QString& url, qint64 nowMs);

}  // namespace cachedeck
