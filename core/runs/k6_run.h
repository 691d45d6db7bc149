// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/load_permit.h"
#include "core/runs/k6_launch.h"
#include "core/runs/run_record.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace cachedeck::runs {

/// Carries the plan out with an installed k6 and blocks until it ended: for a Worker. `moved` gets the figures whenever k6 says something new (once a second), on this thread.
/// A stop asks k6 once (SIGINT), and kills it when it is not gone within the plan's grace. Errors: no k6, a plan that it cannot run or that is not permitted, no folder or process. What went wrong with
/// k6 itself stands in the figures (End::Failed with the problem). `hurry` cuts the grace short: a second is left of it then.
Result<load::RunFigures> runK6(const K6Plan& plan, const load::LoadPermit& permit, const std::function<void(const load::RunFigures&)>& moved, std::stop_token stop,
                               std::stop_token hurry = {});

/// What a profile's limits leave to k6: no script, and no users without an arrival rate where iterations a second are limited, since it cannot make them wait.
Result<void> withinK6Limits(const load::Scenario& scenario, bool script, const load::LoadLimits& limits);

/// What can be known before a run: there is a k6, the permit is for this target, and the plan has what it needs and asks for no more than permit and caps allow. withinK6Limits()
/// counts too.
Result<void> checkK6(const K6Plan& plan, const load::LoadPermit& permit);

/// A record of a run that k6 makes, as beginRecord(); of a script it holds the name and a digest of its text.
RunRecord beginK6Record(const K6Plan& plan, qint64 nowMs);

/// runK6() on a thread of its own, with the face of load::LoadRun: who shows the one can show the other. All calls are from any thread and never wait but wait().
class K6Run {
 public:
  /// Checks what can be checked before, and starts.
  static Result<std::unique_ptr<K6Run>> start(K6Plan plan, const load::LoadPermit& permit);
  /// Stops as stop() does, and joins: as long as the plan's grace where k6 does not end.
  ~K6Run();
  K6Run(const K6Run&) = delete;
  K6Run& operator=(const K6Run&) = delete;

  void stop();
  /// As stop(), but with a second of grace at most.
  void stopAtOnce();
  load::RunFigures figures() const;
  bool ended() const;
  load::RunFigures wait();

 private:
  class Impl;
  explicit K6Run(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace cachedeck::runs
