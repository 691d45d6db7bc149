// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_ask.h"
#include "app/cli/keys/keys_query.h"
#include "app/cli/keys/keys_verbs.h"
#include "core/keys/inspect.h"
#include "core/keys/rights.h"
#include "core/metrics/format.h"

#include <QJsonArray>

namespace cachedeck {

using namespace keys;

namespace {

/// A plan with the sizes of the keys where somebody looks at them or the images' bound needs them.
Result<Plan> planned(const KeysArguments& arguments, KeysSession& session, bool detailed, ScanProgress& progress, const std::stop_token& stop) {
  const Result<Selector> selector = arguments.selector();
  if (!selector) return selector.error();
  if (!selector->byName && selector->patterns.isEmpty() && !selector->needsFacts())
    return fail(Error::Kind::Usage, QStringLiteral("Say which keys: --match, --prefix, --key, --from-file or a filter. For all of them, --match '*'."));
  return makePlan(session.redis(), *selector, session.planOptions(arguments, detailed), session.clock(), progress, stop);
}

void showRun(const RunProgress& progress) {
  const RunCounts counts = progress.counts();
  const QString waits = progress.waitsFor();
  progressLine(QStringLiteral("%1 of %2 keys, pages of %3, probe %4 ms%5").arg(counts.handled()).arg(counts.planned).arg(progress.page()).arg(progress.probeMs(), 0, 'f', 1)
                   .arg(waits.isEmpty() ? QString() : QStringLiteral(" – waits: ") + waits));
}

QStringList reportLines(const Action& action, const RunReport& report) {
  const RunCounts& counts = report.counts;
  QStringList lines{QString::asprintf("%s: %lld of %lld keys %s, %lld already gone, %lld written by others meanwhile, %lld refused, %lld left as they are", qUtf8Printable(report.outcome), static_cast<long long>(counts.done),
                                      static_cast<long long>(counts.planned), action.deletes() ? "deleted" : "changed", static_cast<long long>(counts.gone), static_cast<long long>(counts.changed),
                                      static_cast<long long>(counts.refused), static_cast<long long>(counts.kept)),
                    QStringLiteral("in %1 (%2 keys/s); others waited for the server %3 ms at p99")
                        .arg(formatValue(report.seconds, Unit::Seconds), formatValue(report.keysPerSecond(), Unit::Count)).arg(report.probeP99Ms, 0, 'f', 1)};
  for (const QString& said : {report.reason, report.note})
    if (!said.isEmpty()) lines << said;
  if (report.outcome != QLatin1String("done")) lines << QStringLiteral("Go on with: cachedeck keys resume %1").arg(report.id);
  if (report.imageBytes > 0) lines << QStringLiteral("Undo with: cachedeck keys undo %1").arg(report.id);
  return lines;
}

int finish(const KeysArguments& arguments, const Action& action, const Plan& plan, const RunReport& report) {
  QJsonObject json = report.toJson(action.deletes());
  json[QLatin1String("scanned")] = plan.scanned;
  json[QLatin1String("plan_seconds")] = plan.seconds;
  const int printed = arguments.json ? keysVoice.printJson(json) : keysVoice.printLines(reportLines(action, report));
  return report.outcome == QLatin1String("done") && report.counts.refused == 0 ? printed : 1;
}

/// A plan of nothing: there is nothing to ask, to carry out or to undo.
int nothingToDo(const KeysArguments& arguments, const Action& action, const Plan& plan) {
  plan.forget();
  RunReport report;
  report.outcome = QStringLiteral("done");
  if (arguments.json) return finish(arguments, action, plan, report);
  return keysVoice.printLines({QStringLiteral("Nothing matches: %1 (0 of %2 keys)").arg(plan.selector.text(), QString::number(plan.scanned))});
}

/// Of a plan that is only looked at: its list of names is gone.
QJsonObject jsonOf(const Plan& plan) {
  QJsonObject json = plan.toJson();
  json.remove(QLatin1String("spool"));
  return json;
}

/// Makes a plan only to show it.
int lookAt(const KeysArguments& arguments, KeysSession& session, const std::function<int(const Plan&, const std::stop_token&)>& show) {
  ScanProgress progress;
  return runBeside(
      [&](const std::stop_token& stop) {
        const Result<Plan> plan = planned(arguments, session, true, progress, stop);
        progressLine({});
        if (!plan) return complainKeys(plan.error());
        plan->forget();
        return show(*plan, stop);
      },
      [&] { showScan(progress); });
}

/// Without such rights a run would find out key by key, and an undo when it is needed.
QStringList rightsLines(const MissingRights& missing) {
  QStringList lines;
  if (!missing.toAct.isEmpty()) lines << QStringLiteral("missing rights: this account may not use %1, so this cannot be carried out").arg(missing.toAct.join(QStringLiteral(", ")));
  if (!missing.toUndo.isEmpty()) lines << QStringLiteral("missing rights: this account may not use %1, so it cannot undo this; another account can").arg(missing.toUndo.join(QStringLiteral(", ")));
  return lines;
}

Error cannotAct(const MissingRights& missing) {
  return fail(Error::Kind::Permission, QStringLiteral("This account may not use %1. Nothing was changed; let the administrator grant it.").arg(missing.toAct.join(QStringLiteral(", "))));
}

/// The plan, and what would become of its keys.
int dryRun(const KeysArguments& arguments, KeysSession& session, const Action& action) {
  const MeanQuery query = meanQueryOf(arguments.sources, session.secrets());
  return lookAt(arguments, session, [&](const Plan& plan, const std::stop_token& stop) {
    const RunOptions options = arguments.runOptions();
    const Result<MissingRights> missing = askMissingRights(session.redis(), plan, action, options.undo, stop);
    if (!missing) return complainKeys(missing.error());
    QJsonObject json = jsonOf(plan);
    json[QLatin1String("missing_rights")] = QJsonArray::fromStringList(missing->toAct);
    json[QLatin1String("missing_rights_to_undo")] = QJsonArray::fromStringList(missing->toUndo);
    return showForecast(arguments, plan, action, KeysForecast(plan, action, options, query), json, rightsLines(*missing));
  });
}

}  // namespace

void showScan(const ScanProgress& progress) {
  progressLine(QStringLiteral("planning: scanned about %1 of %2, matched %3").arg(progress.scanned.load()).arg(progress.expected.load()).arg(progress.matched.load()));
}

QStringList planLines(const Plan& plan) {
  QStringList lines{QStringLiteral("%1: %2 keys of %3 on %4").arg(plan.selector.text(), QString::number(plan.keys), QString::number(plan.scanned), plan.server.text())};
  if (plan.detailed) {
    if (plan.sizesKnown()) lines << QStringLiteral("memory: %1, largest key %2").arg(formatValue(static_cast<double>(plan.bytes), Unit::Bytes), formatValue(static_cast<double>(plan.largest), Unit::Bytes));
    else lines << QStringLiteral("memory: unknown of %1 keys (the server did not answer MEMORY USAGE)").arg(plan.unmeasured);
    for (auto type = plan.types.begin(); type != plan.types.end(); ++type) lines << QStringLiteral("  %1 %2").arg(escaped(type.key()).leftJustified(12), QString::number(type.value()).rightJustified(12));
    for (qsizetype i = 0; i < TtlHistogram::classes().size(); ++i)
      if (const qint64 count = plan.ttls.counts()[i]) lines << QStringLiteral("  TTL %1 %2").arg(QString::fromUtf8(TtlHistogram::classes()[i].label), -10).arg(count, 10);
    if (const qint64 unknown = plan.keys - plan.ttls.total(); unknown > 0) lines << QStringLiteral("  TTL %1 %2").arg(QStringLiteral("unknown"), -10).arg(unknown, 10);
    for (const PrefixRow& row : plan.prefixes) lines << QStringLiteral("  %1 %2").arg(escaped(row.prefix).leftJustified(30), QString::number(row.keys).rightJustified(10));
  }
  if (!plan.samples.isEmpty()) lines << QStringLiteral("for example:");
  for (const QByteArray& name : plan.samples) lines << QStringLiteral("  ") + escaped(name);
  return lines;
}

int showForecast(const KeysArguments& arguments, const Plan& plan, const Action& action, const KeysForecast& forecast, QJsonObject json, const QStringList& more) {
  if (!arguments.json) return keysVoice.printLines(planLines(plan) + forecast.lines() + more);
  json[QLatin1String("action")] = action.toJson();
  json[QLatin1String("forecast")] = forecast.toJson();
  return keysVoice.printJson(json);
}

int keysPlan(const KeysArguments& arguments, KeysSession& session) {
  return lookAt(arguments, session, [&](const Plan& plan, const std::stop_token&) { return arguments.json ? keysVoice.printJson(jsonOf(plan)) : keysVoice.printLines(planLines(plan)); });
}

int keysAct(const KeysArguments& arguments, KeysSession& session, const Action& action) {
  if (arguments.dryRun) return dryRun(arguments, session, action);
  const MeanQuery query = asksOnTerminal(arguments) ? meanQueryOf(arguments.sources, session.secrets()) : MeanQuery{};
  ScanProgress scanning;
  RunProgress running;
  std::atomic<bool> acts = false;
  return runBeside(
      [&](const std::stop_token& stop) {
        const RunOptions options = arguments.runOptions();
        const bool detailed = !arguments.yes || (options.undo && action.deletes());
        const Result<Plan> plan = planned(arguments, session, detailed, scanning, stop);
        progressLine({});
        if (!plan) return complainKeys(plan.error());
        if (plan->keys == 0) return nothingToDo(arguments, action, *plan);
        const Result<MissingRights> missing = askMissingRights(session.redis(), *plan, action, options.undo, stop);
        if (!missing || !missing->toAct.isEmpty()) {
          plan->forget();
          return complainKeys(missing ? cannotAct(*missing) : missing.error());
        }
        const QStringList rights = rightsLines(*missing);
        if (!asksOnTerminal(arguments))
          for (const QString& line : rights) keysVoice.say(line);
        const KeysQuestion question{action.text(), plan->keys, planLines(*plan) + KeysForecast(*plan, action, options, query).lines() + rights};
        const Result<WritePermit> permit = permitAfterConsent(arguments, session, question, [&](const QString& typed) { return session.guard().permit(*plan, typed, session.clock()); });
        if (!permit) {
          plan->forget();
          return complainKeys(permit.error());
        }
        acts = true;
        const Result<RunReport> report = runPlan(*plan, action, options, session.redis(), *permit, session.place(), running, stop);
        progressLine({});
        if (!report) {
          plan->forget();
          return complainKeys(report.error());
        }
        return finish(arguments, action, *plan, *report);
      },
      [&] { acts ? showRun(running) : showScan(scanning); });
}

}  // namespace cachedeck
