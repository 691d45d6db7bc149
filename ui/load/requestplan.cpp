// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/requestplan.h"

#include "core/load/k6_export.h"

namespace cachedeck {

load::RunPlan planOf(const RunRequest& request, const LoadTarget& target) {
  load::RunPlan plan;
  plan.scenario = request.timeScale == 1 ? request.scenario : load::scaled(request.scenario, request.timeScale);
  plan.baseUrl = request.scenario.target == load::Target::Http ? request.url.trimmed().toStdString() : std::string();
  plan.variables = request.variables;
  if (!request.script.isEmpty())  // which reads them from its environment
    for (const auto& [name, value] : target.variables) plan.variables[load::k6Environment(name)] = value;
  plan.tls = target.tls;
  if (target.direct) plan.direct = *target.direct;
  plan.caps = target.caps;
  plan.hands = target.hands;
  return plan;
}

Result<std::unique_ptr<runs::RunningLoad>> startLoad(const RunRequest& request, load::RunPlan plan, const load::LoadPermit& permit) {
  return request.k6 ? runs::RunningLoad::start(runs::K6Plan{std::move(plan), request.script}, permit) : runs::RunningLoad::start(std::move(plan), permit);
}

}  // namespace cachedeck
