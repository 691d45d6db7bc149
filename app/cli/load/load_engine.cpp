// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_engine.h"

#include "core/runs/k6_run.h"

namespace cachedeck {

namespace {

runs::K6Plan k6Plan(const LoadArguments& arguments, load::RunPlan plan) {
  return {std::move(plan), arguments.isScript() ? QString::fromStdString(arguments.scenario) : QString()};
}

}  // namespace

Result<std::unique_ptr<runs::RunningLoad>> startEngine(const LoadArguments& arguments, load::RunPlan plan, const load::LoadPermit& permit) {
  return arguments.usesK6() ? runs::RunningLoad::start(k6Plan(arguments, std::move(plan)), permit) : runs::RunningLoad::start(std::move(plan), permit);
}

runs::RunRecord beginRecordFor(const LoadArguments& arguments, const load::RunPlan& plan, const QString& url, qint64 nowMs) {
  return arguments.usesK6() ? runs::beginK6Record(k6Plan(arguments, plan), nowMs) : runs::beginRecord(plan.scenario, url, nowMs);
}

}  // namespace cachedeck
