// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_ask.h"
#include "app/cli/keys/keys_query.h"
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/flush.h"

#include <QCryptographicHash>

#include <algorithm>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qsizetype mostSamples = 20, mostPrefixes = 12;

/// Adds one database's plan to that of them all.
void add(Plan& all, const Plan& one) {
  all.keys += one.keys;
  all.scanned += one.scanned;
  all.bytes += one.bytes;
  all.largest = std::max(all.largest, one.largest);
  all.unmeasured += one.unmeasured;
  all.oversize += one.oversize;
  all.seconds += one.seconds;
  for (qsizetype i = 0; i < one.ttls.counts().size(); ++i) all.ttls.add(i == 0 ? -1 : TtlHistogram::classes()[i].belowMs - 1, one.ttls.counts()[i]);
  for (auto type = one.types.begin(); type != one.types.end(); ++type) all.types[type.key()] += type.value();
  all.prefixes = (all.prefixes + one.prefixes);
  std::ranges::stable_sort(all.prefixes, std::ranges::greater(), &PrefixRow::keys);
  all.prefixes = all.prefixes.first(std::min(mostPrefixes, all.prefixes.size()));
  all.samples += one.samples.first(std::min(mostSamples - all.samples.size(), one.samples.size()));
}

/// Every key is looked at as for any plan: exact counts, sizes, TTLs, samples, a digest (of several databases, of their digests). The names are not needed: one command removes them.
Result<void> lookAtEveryKey(FlushPlan& flush, const KeysArguments& arguments, KeysSession& session, ScanProgress& progress, const std::stop_token& stop) {
  Selector every;
  every.patterns = {"*"};
  Plan all = flush.plan;
  all.keys = all.scanned = 0;
  all.detailed = true;
  QList<QByteArray> digests;
  for (const int database : flush.keys.keys()) {
    RedisOptions there = session.redis();
    there.database = database;
    const Result<Plan> one = makePlan(there, every, session.planOptions(arguments, true), session.clock(), progress, stop);
    if (!one) return one.error();
    one->forget();
    add(all, *one);
    flush.keys[database] = one->keys;
    digests += one->digest;
  }
  all.digest = digests.size() == 1 ? digests.first() : QCryptographicHash::hash(digests.join(','), QCryptographicHash::Sha256).toHex();
  flush.plan = all;
  return {};
}

RunOptions optionsOf(const KeysArguments& arguments) {
  RunOptions options = arguments.runOptions();
  options.undo = options.undo && !arguments.everyDatabase;
  return options;
}

int flushNow(const KeysArguments& arguments, KeysSession& session, const MeanQuery& query, ScanProgress& progress, const std::stop_token& stop) {
  RedisConnection connection(session.redis());
  if (const Result<void> opened = connection.open(stop); !opened) return complainKeys(opened.error());
  Result<FlushPlan> plan = planFlush(connection, arguments.everyDatabase, session.clock(), stop);
  if (!plan) return complainKeys(plan.error());
  const Result<void> looked = lookAtEveryKey(*plan, arguments, session, progress, stop);
  progressLine({});
  if (!looked) return complainKeys(looked.error());
  const KeysForecast forecast(plan->plan, Action{}, optionsOf(arguments), query);
  QStringList lines;
  for (auto database = plan->keys.begin(); database != plan->keys.end(); ++database) lines << QStringLiteral("database %1: %2 keys").arg(database.key()).arg(database.value());
  if (arguments.dryRun) {
    QJsonObject json = plan->plan.toJson();
    json.remove(QStringLiteral("spool"));
    const QJsonObject counted = plan->toJson();
    for (auto field = counted.begin(); field != counted.end(); ++field) json[field.key()] = field.value();
    if (const int failed = arguments.json ? 0 : keysVoice.printLines(lines); failed != 0) return failed;
    return showForecast(arguments, plan->plan, Action{}, forecast, json);
  }
  const KeysQuestion question{arguments.everyDatabase ? QStringLiteral("Empty every database, without undo") : QStringLiteral("Empty database %1, without undo").arg(plan->plan.server.database),
                              plan->plan.keys, lines + planLines(plan->plan) + forecast.lines()};
  const Result<WritePermit> permit = permitAfterConsent(arguments, session, question, [&](const QString& typed) { return session.guard().permit(plan->plan, typed, session.clock()); });
  if (!permit) return complainKeys(permit.error());
  const Result<RunReport> report = runFlush(*plan, session.redis(), *permit, session.place(), stop);
  if (!report) return complainKeys(report.error());
  QJsonObject json = report->toJson(true);
  json[QLatin1String("scanned")] = plan->plan.scanned;
  json[QLatin1String("plan_seconds")] = plan->plan.seconds;
  const QString line = QStringLiteral("%1: %2 keys removed").arg(report->outcome).arg(report->counts.done) + (report->reason.isEmpty() ? QString() : QStringLiteral(": ") + report->reason);
  const int printed = arguments.json ? keysVoice.printJson(json) : keysVoice.printLines({line});
  return report->outcome == QLatin1String("done") ? printed : 1;
}

}  // namespace

/// With undo it is the deletion of every key, with its images and their bound; without, one command of the server.
int keysFlush(const KeysArguments& arguments, KeysSession& session) {
  if (!arguments.dryRun && session.guard().environment() == Environment::Production)
    return complainKeys(fail(Error::Kind::Permission, QStringLiteral("This is a production profile: its databases are not emptied. Delete keys by patterns.")));
  if (arguments.noUndo || arguments.dryRun) {
    const MeanQuery query = arguments.dryRun || asksOnTerminal(arguments) ? meanQueryOf(arguments.sources, session.secrets()) : MeanQuery{};
    ScanProgress progress;
    return runBeside([&](const std::stop_token& stop) { return flushNow(arguments, session, query, progress, stop); }, [&] { showScan(progress); });
  }
  if (arguments.everyDatabase) return complainKeys(fail(Error::Kind::Usage, QStringLiteral("Undo works on one database at a time: leave out --all-databases, or add --no-undo.")));
  KeysArguments all = arguments;
  all.match = {"*"};
  return keysAct(all, session, Action{});
}

}  // namespace cachedeck
