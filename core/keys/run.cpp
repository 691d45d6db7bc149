// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run.h"

#include "core/keys/run_job.h"

namespace cachedeck::keys {

Result<RunReport> runPlan(const Plan& plan, const Action& action, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place,
                          RunProgress& progress, const std::stop_token& stop) {
  if (const Result<void> sound = checkAction(action); !sound) return sound.error();
  if (options.undo && action.deletes() && plan.detailed && plan.bytes > options.undoCap)
    return fail(Error::Kind::Busy, QStringLiteral("The images for undo would take about %1 MB, more than the %2 MB that are allowed. Raise the bound, choose fewer keys, or go without undo.")
                                       .arg(plan.bytes >> 20).arg(options.undoCap >> 20));
  return Run(plan, action, options, server, permit, place, progress, stop).fresh();
}

Result<RunReport> resumeRun(const QString& id, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
                            const std::stop_token& stop) {
  const Result<OperationSummary> summary = readOperation(place.folder, id, place.key);
  if (!summary) return summary.error();
  if (summary->end) return fail(Error::Kind::Usage, QStringLiteral("The operation %1 has come to its end already.").arg(id));
  const Result<Plan> plan = Plan::fromJson(summary->plan);
  if (!plan) return plan.error();
  const Result<Action> action = Action::fromJson(summary->plan[QLatin1String("action")].toObject());
  if (!action) return action.error();
  RunOptions asBefore = options;
  asBefore.undo = summary->plan[QLatin1String("undo")].toBool();
  return Run(*plan, *action, asBefore, server, permit, place, progress, stop).resumed();
}

}  // namespace cachedeck::keys
