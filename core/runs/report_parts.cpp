// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/report_parts.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/load/step_latency.h"
#include "core/metrics/format.h"
#include "core/runs/json_numbers.h"
#include "core/runs/run_outcome.h"

#include <QLocale>

#include <cmath>

namespace cachedeck::runs {

using load::RunFigures;
using load::StepFigures;

namespace {

QString grouped(std::uint64_t count) { return countText(static_cast<qint64>(count)); }

QString percentText(double part, double whole) { return whole > 0 ? formatValue(100 * part / whole, Unit::Percent) : QStringLiteral("–"); }

QString hitText(const StepFigures& figures) {
  const double looked = static_cast<double>(figures.hits + figures.misses);
  return looked > 0 ? percentText(static_cast<double>(figures.hits), looked) : QStringLiteral("–");
}

void addIf(Facts& facts, const QString& name, const QString& text) {
  if (!text.isEmpty()) facts.append({name, redact(printable(text, 300))});
}

QString usersText(const RunFigures& figures) {
  return figures.mostUsers > 0 ? QStringLiteral("%1 at most").arg(figures.mostUsers) : QString();
}

QString machineText(const LoadHost& host) {
  return host.cpus > 0 ? QStringLiteral("%1: %2 × %3").arg(host.name, QString::number(host.cpus), host.cpu) : host.name;
}

QString lengthText(const RunFigures& figures) {
  const auto shown = [](std::int64_t ms) { return formatDuration(static_cast<double>(ms) / 1000); };
  return figures.pausedMs > 0 ? QStringLiteral("%1, of them %2 paused").arg(shown(figures.elapsedMs), shown(figures.pausedMs)) : shown(figures.elapsedMs);
}

QString lateText(const RunFigures& figures) {
  return QStringLiteral("%1 CPU, sends late by %2 at p99").arg(formatValue(figures.cpuSeconds, Unit::Seconds), formatValue(figures.lateP99Ms / 1000, Unit::Seconds));
}

}  // namespace

QString titleOf(const RunRecord& record) { return redact(printable(record.scenario.isEmpty() ? QStringLiteral("load run") : record.scenario, 80)); }

Facts factsOf(const RunRecord& record) {
  Facts facts;
  const RunFigures& figures = record.figures;
  addIf(facts, QStringLiteral("run"), record.id);
  addIf(facts, QStringLiteral("result"), outcomeText(record));
  addIf(facts, QStringLiteral("target"), withoutUserInfo(record.url));
  addIf(facts, QStringLiteral("profile"), record.environment.isEmpty() ? record.profile : QStringLiteral("%1 (%2)").arg(record.profile, record.environment));
  addIf(facts, QStringLiteral("cache"), record.cache);
  addIf(facts, QStringLiteral("started"), utcText(figures.startedMs));
  addIf(facts, QStringLiteral("length"), lengthText(figures));
  addIf(facts, QStringLiteral("load machine"), machineText(record.host));
  addIf(facts, QStringLiteral("Cachedeck"), record.console);
  if (record.engine == QLatin1String(k6Engine)) addIf(facts, QStringLiteral("load by"), QStringLiteral("k6: its percentiles of the whole run, no histogram"));
  addIf(facts, QStringLiteral("tags"), record.tags.join(QStringLiteral(", ")));
  addIf(facts, QStringLiteral("note"), record.note.simplified());  // one line of a table
  return facts;
}

Facts figureFacts(const RunRecord& record) {
  const RunFigures& figures = record.figures;
  const StepFigures& all = figures.all;
  const double seconds = static_cast<double>(figures.scheduleMs()) / 1000;
  const auto rate = [seconds](double count, Unit unit) { return seconds > 0 ? formatValue(count / seconds, unit) : QStringLiteral("–"); };
  Facts facts{{QStringLiteral("requests"), QStringLiteral("%1  %2").arg(grouped(all.requests), rate(static_cast<double>(all.requests), Unit::PerSecond))},
              {QStringLiteral("latency"), latencyText(all)},
              {QStringLiteral("errors"), QStringLiteral("%1  %2").arg(grouped(all.failed), percentText(static_cast<double>(all.failed), static_cast<double>(all.requests)))},
              {QStringLiteral("hit ratio"), all.hits + all.misses == 0 ? QStringLiteral("nothing was looked up")
                                                                        : QStringLiteral("%1  %2 hits, %3 misses").arg(hitText(all), grouped(all.hits), grouped(all.misses))},
              {QStringLiteral("iterations"), QStringLiteral("%1  %2").arg(grouped(figures.iterations), rate(static_cast<double>(figures.iterations), Unit::PerSecond))},
              {QStringLiteral("dropped"), grouped(figures.dropped)},
              {QStringLiteral("received"), QStringLiteral("%1  %2").arg(formatValue(static_cast<double>(all.bytesIn), Unit::Bytes), rate(static_cast<double>(all.bytesIn), Unit::BytesPerSecond))},
              {QStringLiteral("sent"), QStringLiteral("%1  %2").arg(formatValue(static_cast<double>(all.bytesOut), Unit::Bytes), rate(static_cast<double>(all.bytesOut), Unit::BytesPerSecond))}};
  if (figures.interrupted) facts.append({QStringLiteral("interrupted"), grouped(figures.interrupted)});
  addIf(facts, QStringLiteral("users"), usersText(figures));
  facts.append({QStringLiteral("generator"), record.engine == QLatin1String(k6Engine) ? QStringLiteral("k6, which tells neither its processor time nor how late it was") : lateText(figures)});
  return facts;
}

QString msText(double ns) { return std::isnan(ns) ? QStringLiteral("–") : formatValue(ns / 1e9, Unit::Seconds); }

QString latencyText(const StepFigures& step) {
  if (!load::isTimed(step)) return QStringLiteral("no request came to its end");
  const auto at = [&](double percent) { return msText(load::percentileNs(step, percent)); };
  return QStringLiteral("mean=%1  p50=%2  p95=%3  p99=%4  max=%5").arg(msText(load::meanNs(step)), at(50), at(95), at(99), msText(load::maxNs(step)));
}

TextTable stepTable(const RunRecord& record) {
  TextTable table({QStringLiteral("step"), QStringLiteral("requests"), QStringLiteral("errors"), QStringLiteral("hits"), QStringLiteral("mean"), QStringLiteral("p50"),
                   QStringLiteral("p95"), QStringLiteral("p99"), QStringLiteral("max")});
  for (const StepFigures& step : record.figures.steps) {
    const auto at = [&](double percent) { return load::percentileNs(step, percent); };
    QStringList cells{redact(textOf(step.name)), grouped(step.requests), grouped(step.failed), hitText(step)};
    for (const double value : {load::meanNs(step), at(50), at(95), at(99), load::maxNs(step)})
      cells.append(load::isTimed(step) ? msText(value) : QStringLiteral("–"));
    table.add(cells);
  }
  return table;
}

TextTable failureTable(const RunRecord& record) {
  TextTable table({QStringLiteral("failures"), QStringLiteral("count")});
  for (std::size_t kind = 0; kind < load::failureKindCount; ++kind)
    if (const std::uint64_t count = record.figures.failures[kind]) table.add({QString::fromLatin1(load::failureName(static_cast<load::FailureKind>(kind))), grouped(count)});
  for (const auto& [text, count] : record.figures.failureExamples) table.add({QStringLiteral("“%1”").arg(redact(printable(textOf(text), 160))), grouped(count)});
  return table;
}

QString endText(const RunRecord& record) {
  if (record.partial) return QStringLiteral("The run did not come to its end: the process that made it is gone, or still at it.");
  switch (record.figures.end) {
    case RunFigures::End::Stopped: return QStringLiteral("The run was stopped before its time.");
    case RunFigures::End::ThresholdAborted: return QStringLiteral("A threshold ended the run before its time.");
    case RunFigures::End::Failed: return QStringLiteral("The run failed: %1").arg(redact(printable(textOf(record.figures.problem), 400)));
    default: return {};
  }
}

QString invalidReason(const RunRecord& record) {
  if (!record.figures.limited.empty()) return redact(printable(textOf(record.figures.limited), 400));
  if (record.partial || record.figures.end == RunFigures::End::Failed) return endText(record);
  return {};
}

QString thresholdValue(const load::ThresholdVerdict& verdict) {
  const QString metric = textOf(verdict.metric).section(QLatin1Char('{'), 0, 0);
  const QString expression = textOf(verdict.expression);
  if (metric.contains(QLatin1String("duration"))) return formatValue(verdict.value / 1000, Unit::Seconds);
  if (expression.contains(QLatin1String("rate")) && (metric == QLatin1String("http_req_failed") || metric == QLatin1String("checks") || metric == QLatin1String("cache_hits")))
    return formatValue(100 * verdict.value, Unit::Percent);
  const bool bytes = metric.startsWith(QLatin1String("data_"));
  if (expression.contains(QLatin1String("rate"))) return formatValue(verdict.value, bytes ? Unit::BytesPerSecond : Unit::PerSecond);
  if (bytes) return formatValue(verdict.value, Unit::Bytes);
  return formatValue(verdict.value, Unit::Count);
}

}  // namespace cachedeck::runs
