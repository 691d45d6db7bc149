// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/cache_hands.h"

#include "core/base/rest.h"
#include "core/journal/journal.h"
#include "core/keys/guard.h"
#include "core/keys/plan.h"
#include "core/keys/run.h"

#include <QProcess>

#include <csignal>

namespace cachedeck::runs {

namespace {

using namespace keys;

Result<void> drop(const CacheOwner& owner, const std::string& prefix, const std::stop_token& stop) {
  if (prefix.empty()) return fail(Error::Kind::Usage, QStringLiteral("an empty prefix would be every key"));
  if (owner.environment == Environment::Production) return fail(Error::Kind::Permission, QStringLiteral("a production cache is not emptied by a scenario"));
  const Result<Secret> key = stateKey(owner.configFolder);
  if (!key) return key.error();
  SystemClock clock;
  Journal journal(owner.stateFolder + QStringLiteral("/journal.jsonl"), *key);
  const Guard guard(owner.profile, owner.environment, journal);
  Selector selector;
  selector.patterns = {Selector::prefixPattern(QByteArray::fromStdString(prefix))};
  PlanOptions planning;
  planning.folder = owner.stateFolder + QStringLiteral("/plans");
  planning.detailed = false;
  ScanProgress scanning;
  const Result<Plan> plan = makePlan(*owner.redis, selector, planning, clock, scanning, stop);
  if (!plan) return plan.error();
  if (plan->keys == 0) {
    plan->forget();
    return {};
  }
  const Result<WritePermit> permit = guard.permit(*plan, guard.phraseFor(plan->keys), clock);
  if (!permit) return permit.error();
  RunOptions options;
  options.undo = false;
  RunProgress progress;
  const RunPlace place{owner.stateFolder + QStringLiteral("/undo"), *key, journal, owner.profile, environmentKey(owner.environment), clock};
  const Result<RunReport> report = runPlan(*plan, Action{}, options, *owner.redis, *permit, place, progress, stop);
  if (!report) return report.error();
  return report->outcome == QLatin1String("done") ? Result<void>() : fail(Error::Kind::Server, report->reason);
}

/// A process of its own wakes the server again, so that it never stays stopped, whatever becomes of this one.
std::string pauseServer(qint64 pid, load::Millis lasts, const std::stop_token& stop) {
  const QString seconds = QString::number(static_cast<double>(lasts.count()) / 1000.0, 'f', 3);
  if (!QProcess::startDetached(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("sleep %1; kill -CONT %2").arg(seconds).arg(pid)}))
    return "the process that would wake Redis again could not be started";
  if (kill(static_cast<pid_t>(pid), SIGSTOP) != 0) return "the sandbox's Redis is not there any more";
  restFor(lasts, stop);
  kill(static_cast<pid_t>(pid), SIGCONT);
  return {};
}

}  // namespace

load::CacheHands cacheHands(const CacheOwner& owner) {
  load::CacheHands hands;
  if (owner.redis)
    hands.flush = [owner](const std::vector<std::string>& prefixes, const std::stop_token& stop) {
      for (const std::string& prefix : prefixes)
        if (const Result<void> done = drop(owner, prefix, stop); !done) return "The cache could not be emptied of " + prefix + "*: " + done.error().message.toStdString();
      return std::string();
    };
  if (owner.redis || owner.sandboxRedis > 0)
    hands.act = [owner](const load::Event& event, const std::stop_token& stop) -> std::string {
      if (event.kind == load::Event::Kind::PauseRedis) return owner.sandboxRedis > 0 ? pauseServer(owner.sandboxRedis, event.lasts, stop) : "only a sandbox's Redis is paused";
      if (!owner.redis) return "no Redis was named";
      const Result<void> done = drop(owner, event.prefix, stop);
      return done ? std::string() : done.error().message.toStdString();
    };
  return hands;
}

}  // namespace cachedeck::runs
