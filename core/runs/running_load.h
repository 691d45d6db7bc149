// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/k6_launch.h"
#include "core/load/load_permit.h"

#include <memory>

namespace cachedeck::runs {

/// A run under way, whoever makes the load. All calls are from any thread; only wait() and the end of this object wait.
class RunningLoad {
 public:
  /// By Cachedeck's own engine. Errors as LoadRun::start() gives them.
  static Result<std::unique_ptr<RunningLoad>> start(load::RunPlan plan, const load::LoadPermit& permit);
  /// By an installed k6, which is looked for on the disk here.
  static Result<std::unique_ptr<RunningLoad>> start(K6Plan plan, const load::LoadPermit& permit);
  virtual ~RunningLoad() = default;

  virtual load::RunFigures figures() const = 0;
  virtual bool ended() const = 0;
  virtual load::RunFigures wait() = 0;
  virtual void stop() = 0;
  /// As stop(), for an owner that goes away: the run has ended within a second or two, whatever it has on its way.
  virtual void stopAtOnce() = 0;
  /// k6 knows neither: nothing happens then.
  virtual void setPaused(bool paused) = 0;
  virtual void setLevel(double usersOrRate) = 0;
};

}  // namespace cachedeck::runs
