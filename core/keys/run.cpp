// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run.h"

#include "core/keys/run_job.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr double mostRate = 1e9;

}  // namespace

QJsonObject RunOptions::toJson() const {
  return {{QStringLiteral("page"), page}, {QStringLiteral("budget_ms"), budgetMs}, {QStringLiteral("keys_per_second"), keysPerSecond}, {QStringLiteral("undo"), undo},
          {QStringLiteral("undo_cap"), undoCap}, {QStringLiteral("pause_limit_s"), static_cast<qint64>(pauseLimit.count())}, {QStringLiteral("replica_lag_bytes"), replicaLagBytes},
          {QStringLiteral("replica_lag_s"), static_cast<qint64>(replicaLagTime.count())}, {QStringLiteral("hit_ratio_drop"), hitRatioDrop}};
}

/// What an older log does not have stays as it is by default.
RunOptions RunOptions::fromJson(const QJsonObject& json) {
  RunOptions options;
  options.page = std::clamp(json[QLatin1String("page")].toInt(options.page), 1, 10000);
  options.budgetMs = std::clamp(json[QLatin1String("budget_ms")].toDouble(), 0.0, 1e6);
  options.keysPerSecond = std::clamp(json[QLatin1String("keys_per_second")].toDouble(), 0.0, mostRate);
  options.undo = json[QLatin1String("undo")].toBool(options.undo);
  options.undoCap = json[QLatin1String("undo_cap")].toInteger(options.undoCap);
  options.pauseLimit = std::chrono::seconds(std::clamp<qint64>(json[QLatin1String("pause_limit_s")].toInteger(options.pauseLimit.count()), 0, 86400));
  options.replicaLagBytes = json[QLatin1String("replica_lag_bytes")].toInteger(options.replicaLagBytes);
  options.replicaLagTime = std::chrono::seconds(std::clamp<qint64>(json[QLatin1String("replica_lag_s")].toInteger(options.replicaLagTime.count()), 0, 86400));
  options.hitRatioDrop = std::clamp(json[QLatin1String("hit_ratio_drop")].toDouble(), 0.0, 100.0);
  return options;
}

/// Of a changed TTL: the name, the two expiries and the record around a page of them. Of a deletion: what the keys take in memory, which their DUMPs hardly exceed.
qint64 undoForecast(const Plan& plan, const Action& action) {
  constexpr qint64 ofKey = 16, ofPage = 64, page = 50;
  if (!action.deletes()) return plan.nameBytes > 0 || plan.keys == 0 ? plan.nameBytes + plan.keys * ofKey + (plan.keys / page + 1) * ofPage : -1;
  return plan.detailed ? plan.bytes : -1;
}

Result<RunReport> runPlan(const Plan& plan, const Action& action, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place,
                          RunProgress& progress, const std::stop_token& stop) {
  if (const Result<void> sound = checkAction(action); !sound) return sound.error();
  if (!permit.covers(plan.id)) return fail(Error::Kind::Permission, QStringLiteral("Carrying out the plan %1 was not confirmed.").arg(plan.id));
  if (const qint64 bytes = undoForecast(plan, action); options.undo && bytes > options.undoCap)
    return fail(Error::Kind::Busy, QStringLiteral("The images for undo would take about %1 MB, more than the %2 MB that are allowed. Raise the bound, choose fewer keys, or go without undo.")
                                       .arg((bytes + (1 << 20) - 1) >> 20).arg(options.undoCap >> 20));
  RunOptions paced = options;
  paced.keysPerSecond = place.rate(options.keysPerSecond);
  return Run(plan, action, paced, server, permit, place, progress, stop).fresh();
}

Result<RunReport> resumeRun(const QString& id, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
                            const std::stop_token& stop) {
  if (!permit.covers(id)) return fail(Error::Kind::Permission, QStringLiteral("Going on with %1 was not confirmed.").arg(id));
  if (const Result<ResumePreview> open = previewResume(place, id); !open) return open.error();
  const Result<OperationSummary> summary = readOperation(place.folder, id, place.key);
  if (!summary) return summary.error();
  const OperationOwner owner = ownerOf(*summary, place.journal);
  if (!owner.isSatisfiedBy(permit, id)) return fail(Error::Kind::Permission, QStringLiteral("Going on with %1, of the profile “%2”, was not confirmed.").arg(id, owner.profile));
  const Result<Plan> plan = Plan::fromJson(summary->plan);
  if (!plan) return plan.error();
  const Result<Action> action = Action::fromJson(summary->plan[QLatin1String("action")].toObject());
  if (!action) return action.error();
  RunOptions asBefore = options;
  asBefore.undo = summary->plan[QLatin1String("undo")].toBool();
  const RunPlace its = place.forOperation(owner);
  asBefore.keysPerSecond = its.rate(options.keysPerSecond);
  return Run(*plan, *action, asBefore, server, permit, its, progress, stop).resumed(summary->plan[QLatin1String("selected")].toString(), summary->torn);
}

}  // namespace cachedeck::keys
