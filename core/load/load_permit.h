// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/load_run.h"

#include <algorithm>
#include <string>

namespace cachedeck::runs {
class RunGuard;
}

namespace cachedeck::load {

/// The most that a profile lets a run ask for; 0: no limit of its own.
struct LoadLimits {
  int users = 0;
  double perSecond = 0;  ///< iterations started; a scenario with a higher arrival rate is refused, users that would begin faster wait
  std::string usersOf{}, perSecondOf{};  ///< the profile that says so, where it is not the run's own
};

/// What is left of the caps under a profile's limits.
inline Caps limited(Caps caps, const LoadLimits& limits) {
  if (limits.users > 0) caps.users = std::min(caps.users, limits.users);
  if (limits.perSecond > 0) caps.perSecond = std::min(caps.perSecond, limits.perSecond);
  return caps;
}

/// What a plan puts under load: its URL, or the Redis of the direct workload.
inline std::string targetOf(const RunPlan& plan) {
  if (plan.scenario.target == Target::Http) return plan.baseUrl;
  return "redis " + plan.direct.redisHost + ' ' + std::to_string(plan.direct.redisPort) + ' ' + std::to_string(plan.direct.redisDatabase);
}

/// The right to put one target under load, within limits. Only runs::RunGuard makes one, after the checks that the profile's environment asks for; without one no run starts.
class LoadPermit {
 public:
  bool covers(const RunPlan& plan) const { return targetOf(plan) == m_target; }
  const LoadLimits& limits() const { return m_limits; }

 private:
  friend class cachedeck::runs::RunGuard;
  LoadPermit(std::string target, LoadLimits limits) : m_target(std::move(target)), m_limits(limits) {}
  std::string m_target;
  LoadLimits m_limits;
};

}  // namespace cachedeck::load
