// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_hands.h"

#include "core/keys/plan.h"
#include "core/keys/run.h"

#include <QProcess>

#include <condition_variable>
#include <csignal>
#include <mutex>

namespace cachedeck {

namespace {

using namespace keys;

std::string dropPrefix(KeysSession& session, const std::string& prefix, const std::stop_token& stop) {
  if (prefix.empty()) return "an empty prefix would be every key";
  if (session.guard().environment() == Environment::Production) return "a production cache is not emptied by a scenario";
  Selector selector;
  selector.patterns = {Selector::prefixPattern(QByteArray::fromStdString(prefix))};
  PlanOptions planning;
  planning.folder = stateDirectory() + QStringLiteral("/plans");
  planning.detailed = false;
  ScanProgress scanning;
  const Result<Plan> plan = makePlan(session.redis(), selector, planning, session.clock(), scanning, stop);
  if (!plan) return plan.error().message.toStdString();
  if (plan->keys == 0) {
    plan->forget();
    return {};
  }
  // Who started the run has seen what it does; a scenario cannot type.
  const Result<WritePermit> permit = session.guard().permit(*plan, session.guard().phraseFor(plan->keys), session.clock());
  if (!permit) return permit.error().message.toStdString();
  RunOptions options;
  options.undo = false;
  RunProgress progress;
  const Result<RunReport> report = runPlan(*plan, Action{}, options, session.redis(), *permit, session.place(), progress, stop);
  if (!report) return report.error().message.toStdString();
  return report->outcome == QLatin1String("done") ? std::string() : report->reason.toStdString();
}

/// A process of its own wakes the server again, so that it never stays stopped, whatever becomes of this one.
std::string pauseServer(qint64 pid, load::Millis lasts, const std::stop_token& stop) {
  const QString seconds = QString::number(static_cast<double>(lasts.count()) / 1000.0, 'f', 3);
  if (!QProcess::startDetached(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("sleep %1; kill -CONT %2").arg(seconds).arg(pid)}))
    return "the process that would wake Redis again could not be started";
  if (kill(static_cast<pid_t>(pid), SIGSTOP) != 0) return "the sandbox's Redis is not there any more";
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, lasts, [] { return false; });
  kill(static_cast<pid_t>(pid), SIGCONT);
  return {};
}

}  // namespace

load::CacheHands loadHands(KeysSession* session, qint64 sandboxRedis) {
  load::CacheHands hands;
  if (session) {
    hands.flush = [session](const std::vector<std::string>& prefixes, const std::stop_token& stop) {
      for (const std::string& prefix : prefixes)
        if (const std::string problem = dropPrefix(*session, prefix, stop); !problem.empty()) return "The cache could not be emptied of " + prefix + "*: " + problem;
      return std::string();
    };
  }
  if (session || sandboxRedis > 0)
    hands.act = [session, sandboxRedis](const load::Event& event, const std::stop_token& stop) -> std::string {
      if (event.kind == load::Event::Kind::PauseRedis) return sandboxRedis > 0 ? pauseServer(sandboxRedis, event.lasts, stop) : "only a sandbox's Redis is paused (--sandbox)";
      return session ? dropPrefix(*session, event.prefix, stop) : "no Redis was named";
    };
  return hands;
}

}  // namespace cachedeck
