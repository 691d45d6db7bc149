// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/load/step_latency.h"
#include "core/runs/figures_json.h"
#include "core/runs/json_numbers.h"
#include "core/runs/reports.h"
#include "core/runs/run_outcome.h"

#include <QJsonArray>

#include <string_view>

namespace cachedeck::runs {

using load::RunFigures;
using load::StepFigures;

namespace {

QString plain(const std::string& text) { return redact(printable(textOf(text), 400)); }

QJsonValue ratioOf(const StepFigures& figures) {
  const double looked = static_cast<double>(figures.hits + figures.misses);
  return looked > 0 ? QJsonValue(static_cast<double>(figures.hits) / looked) : QJsonValue(QJsonValue::Null);
}

void addFigures(const StepFigures& figures, QJsonObject& json) {
  const bool timed = load::isTimed(figures);  // where nothing was, 0 ms would be the best of all
  const auto msOf = [timed](double ns) { return timed ? numberValue(ns / 1e6) : QJsonValue(QJsonValue::Null); };
  const auto ms = [&](double percent) { return msOf(load::percentileNs(figures, percent)); };
  json[QLatin1String("requests")] = countValue(figures.requests);
  json[QLatin1String("errors")] = countValue(figures.failed);
  json[QLatin1String("mean_ms")] = msOf(load::meanNs(figures));
  json[QLatin1String("p50_ms")] = ms(50);
  json[QLatin1String("p95_ms")] = ms(95);
  json[QLatin1String("p99_ms")] = ms(99);
  json[QLatin1String("max_ms")] = msOf(load::maxNs(figures));
  json[QLatin1String("hit_ratio")] = ratioOf(figures);
  json[QLatin1String("bytes_in")] = countValue(figures.bytesIn);
  json[QLatin1String("bytes_out")] = countValue(figures.bytesOut);
}

QJsonArray thresholdsOf(const RunFigures& figures) {
  QJsonArray rows;
  for (const auto& verdict : figures.thresholds)
    rows.append(QJsonObject{{QStringLiteral("metric"), plain(verdict.metric)},
                            {QStringLiteral("expression"), plain(verdict.expression)},
                            {QStringLiteral("passed"), verdict.passed},
                            {QStringLiteral("known"), verdict.known},
                            {QStringLiteral("value"), verdict.known ? numberValue(verdict.value) : QJsonValue(QJsonValue::Null)}});
  return rows;
}

QJsonArray stepsOf(const RunFigures& figures) {
  QJsonArray rows;
  for (const StepFigures& step : figures.steps) {
    QJsonObject row{{QStringLiteral("name"), plain(step.name)}};
    addFigures(step, row);
    rows.append(row);
  }
  return rows;
}

/// Columns that the engine fills: of a second k6 gives no hits, and nothing of itself.
std::vector<SecondColumn> columnsOf(const RunRecord& record) {
  std::vector<SecondColumn> columns;
  for (const SecondColumn& column : secondColumns()) {
    const std::string_view name = column.name;
    const bool own = name == "hits" || name == "misses" || name == "busy" || name == "late_ms" || name == "cpu_percent";
    if (!own || record.engine != QLatin1String(k6Engine)) columns.push_back(column);
  }
  return columns;
}

/// Not a number of a second in which no request ended: a latency of 0 would be a dip where the service stood still.
double cellOf(const SecondColumn& column, const load::SecondFigures& second) {
  const std::string_view name = column.name;
  const bool isLatency = name == "mean_ms" || name == "p50_ms" || name == "p95_ms" || name == "p99_ms" || name == "max_ms";
  return isLatency && second.requests == 0 ? std::numeric_limits<double>::quiet_NaN() : column.get(second);
}

QJsonArray secondsOf(const RunRecord& record) {
  const std::vector<SecondColumn> columns = columnsOf(record);
  QJsonArray rows;
  for (const load::SecondFigures& second : record.figures.seconds) {
    QJsonObject row;
    for (const SecondColumn& column : columns) row[QLatin1String(column.name)] = numberValue(cellOf(column, second));
    rows.append(row);
  }
  return rows;
}

QJsonObject failuresOf(const RunFigures& figures) {
  QJsonObject json;
  for (std::size_t kind = 0; kind < load::failureKindCount; ++kind)
    if (figures.failures[kind]) json[QLatin1String(load::failureName(static_cast<load::FailureKind>(kind)))] = countValue(figures.failures[kind]);
  return json;
}

QJsonObject about(const RunRecord& record) {
  return {{QStringLiteral("id"), record.id},
          {QStringLiteral("scenario"), redact(printable(record.scenario, 200))},
          {QStringLiteral("target"), targetWord(record.target)},
          {QStringLiteral("engine"), record.engine.isEmpty() ? QStringLiteral("cachedeck") : redact(record.engine)},
          {QStringLiteral("url"), withoutUserInfo(record.url)},
          {QStringLiteral("profile"), redact(printable(record.profile, 200))},
          {QStringLiteral("environment"), record.environment},
          {QStringLiteral("cache"), redact(printable(record.cache, 200))},
          {QStringLiteral("started_ms"), qint64{record.figures.startedMs}},
          {QStringLiteral("elapsed_ms"), qint64{record.figures.elapsedMs}},
          {QStringLiteral("paused_ms"), qint64{record.figures.pausedMs}},
          {QStringLiteral("end"), endWord(record.figures.end)},
          {QStringLiteral("result"), QString::fromLatin1(outcomeWord(outcomeOf(record)))},
          {QStringLiteral("partial"), record.partial}};
}

}  // namespace

QJsonObject resultJson(const RunRecord& record) {
  const RunFigures& figures = record.figures;
  const QString invalid = invalidReason(record);
  QJsonObject json = about(record);
  addFigures(figures.all, json);
  json[QLatin1String("rps")] = numberValue(figures.perSecond());
  json[QLatin1String("dropped")] = countValue(figures.dropped);
  json[QLatin1String("iterations")] = countValue(figures.iterations);
  json[QLatin1String("interrupted")] = countValue(figures.interrupted);
  json[QLatin1String("thresholds")] = thresholdsOf(figures);
  json[QLatin1String("failures")] = failuresOf(figures);
  json[QLatin1String("steps")] = stepsOf(figures);
  json[QLatin1String("seconds")] = secondsOf(record);
  json[QLatin1String("valid")] = invalid.isEmpty();
  json[QLatin1String("limited")] = invalid.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(invalid);
  json[QLatin1String("problem")] = plain(figures.problem);
  return json;
}

QByteArray secondsCsv(const RunRecord& record) {
  const std::vector<SecondColumn> columns = columnsOf(record);
  QByteArrayList names;
  for (const SecondColumn& column : columns) names.append(column.name);
  QByteArray csv = names.join(',') + "\r\n";
  for (const load::SecondFigures& second : record.figures.seconds) {
    QByteArrayList cells;
    for (const SecondColumn& column : columns) {
      const double cell = cellOf(column, second);
      cells.append(std::isfinite(cell) ? QByteArray::number(cell, 'g', 12) : QByteArray());
    }
    csv += cells.join(',') + "\r\n";
  }
  return csv;
}

}  // namespace cachedeck::runs
