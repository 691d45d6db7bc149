// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/load_run.h"
#include "core/load/recorder.h"
#include "core/load/virtual_user.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace cachedeck::load {

/// What the users of a run do: HTTP steps, or the direct cache-aside workload.
class Workload : public UserFactory {
 public:
  /// Names that the figures of steps and checks go by.
  virtual std::vector<std::string> stepNames() const = 0;
  virtual std::vector<std::string> checkNames() const = 0;
  /// Before the schedule, on the run's thread; may block, and run the loop. Empty, or what failed.
  virtual std::string prepare(Loop& loop, Recorder& recorder, const std::stop_token& stop) = 0;
  /// After the schedule: what was made for the run is taken away again.
  virtual void cleanUp() {}
};

Expected<std::unique_ptr<Workload>, std::string> makeHttpWorkload(const RunPlan& plan);
Expected<std::unique_ptr<Workload>, std::string> makeDirectWorkload(const RunPlan& plan);

}  // namespace cachedeck::load
