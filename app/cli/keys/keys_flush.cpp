// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/flush.h"

#include <cstdio>

namespace cachedeck {

using namespace keys;

namespace {

int flushNow(const KeysArguments& arguments, KeysSession& session, const std::stop_token& stop) {
  RedisConnection connection(session.redis());
  if (const Result<void> opened = connection.open(stop); !opened) return complainKeys(opened.error());
  const Result<FlushPlan> plan = planFlush(connection, arguments.everyDatabase, session.clock(), stop);
  if (!plan) return complainKeys(plan.error());
  if (arguments.dryRun) {
    if (arguments.json) printJson(plan->toJson());
    else for (auto database = plan->keys.begin(); database != plan->keys.end(); ++database) std::printf("database %d: %lld keys\n", database.key(), static_cast<long long>(database.value()));
    return 0;
  }
  if (!arguments.unlock.empty())
    if (const Result<void> unlocked = session.guard().unlock(QString::fromStdString(arguments.unlock), session.clock()); !unlocked) return complainKeys(unlocked.error());
  if (!arguments.yes && arguments.confirm.empty())
    return complainKeys(fail(Error::Kind::Usage, QStringLiteral("%1 keys would be removed, without undo. Add --yes to carry it out, or --dry-run to see the count.").arg(plan->plan.keys)));
  const Result<WritePermit> permit = session.guard().permit(plan->plan, QString::fromStdString(arguments.confirm), session.clock());
  if (!permit) return complainKeys(permit.error());
  const Result<RunReport> report = runFlush(*plan, session.redis(), *permit, session.place(), stop);
  if (!report) return complainKeys(report.error());
  if (arguments.json) printJson(report->toJson(true));
  else std::printf("%s: %lld keys removed%s%s\n", qPrintable(report->outcome), static_cast<long long>(report->counts.done), report->reason.isEmpty() ? "" : ": ", qPrintable(report->reason));
  return report->outcome == QLatin1String("done") ? 0 : 1;
}

}  // namespace

/// With undo it is the deletion of every key, with its images and their bound; without, one command of the server.
int keysFlush(const KeysArguments& arguments, KeysSession& session) {
  if (arguments.noUndo || arguments.dryRun) return runBeside([&](const std::stop_token& stop) { return flushNow(arguments, session, stop); });
  if (arguments.everyDatabase) return complainKeys(fail(Error::Kind::Usage, QStringLiteral("Undo works on one database at a time: leave out --all-databases, or add --no-undo.")));
  KeysArguments all = arguments;
  all.match = {"*"};
  return keysAct(all, session, Action{});
}

}  // namespace cachedeck
