// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/figures_json.h"

#include "core/base/redactor.h"
#include "core/runs/json_numbers.h"
#include "core/runs/step_json.h"

#include <QJsonArray>

#include <array>

namespace cachedeck::runs {

using load::RunFigures;

namespace {

constexpr std::array stateWords{"preparing", "running", "paused", "stopping", "ended"};
constexpr std::array endWords{"", "completed", "stopped", "threshold-aborted", "failed"};

template <typename Enum, std::size_t n>
QString wordOf(const std::array<const char*, n>& words, Enum value) {
  return QString::fromLatin1(words[static_cast<std::size_t>(value)]);
}

template <typename Enum, std::size_t n>
Enum fromWord(const std::array<const char*, n>& words, const QJsonValue& value, Enum otherwise) {
  const QString word = value.toString();
  for (std::size_t i = 0; i < n; ++i)
    if (word == QLatin1String(words[i])) return static_cast<Enum>(i);
  return otherwise;
}

QString clean(const std::string& text) { return redact(textOf(text)); }

QJsonObject failuresToJson(const RunFigures& figures) {
  QJsonObject json;
  for (std::size_t kind = 0; kind < load::failureKindCount; ++kind)
    if (figures.failures[kind]) json[QLatin1String(load::failureName(static_cast<load::FailureKind>(kind)))] = countValue(figures.failures[kind]);
  return json;
}

QJsonArray checksToJson(const RunFigures& figures) {
  QJsonArray rows;
  for (const auto& check : figures.checks)
    rows.append(QJsonObject{{QStringLiteral("name"), clean(check.name)}, {QStringLiteral("passed"), countValue(check.passed)}, {QStringLiteral("failed"), countValue(check.failed)}});
  return rows;
}

QJsonArray thresholdsToJson(const RunFigures& figures) {
  QJsonArray rows;
  for (const auto& verdict : figures.thresholds)
    rows.append(QJsonObject{{QStringLiteral("metric"), clean(verdict.metric)},
                            {QStringLiteral("expression"), clean(verdict.expression)},
                            {QStringLiteral("passed"), verdict.passed},
                            {QStringLiteral("known"), verdict.known},
                            {QStringLiteral("value"), numberValue(verdict.value)}});
  return rows;
}

void readLists(const QJsonObject& json, RunFigures& figures) {
  for (const QJsonValue& row : json[QLatin1String("checks")].toArray())
    figures.checks.push_back({row[QLatin1String("name")].toString().toStdString(), countOf(row[QLatin1String("passed")]), countOf(row[QLatin1String("failed")])});
  for (const QJsonValue& row : json[QLatin1String("thresholds")].toArray())
    figures.thresholds.push_back({row[QLatin1String("metric")].toString().toStdString(), row[QLatin1String("expression")].toString().toStdString(),
                                  row[QLatin1String("passed")].toBool(), row[QLatin1String("known")].toBool(), numberOf(row[QLatin1String("value")])});
  for (const QJsonValue& row : json[QLatin1String("marks")].toArray())
    figures.marks.push_back({wholeOf(row[QLatin1String("at_ms")]), row[QLatin1String("text")].toString().toStdString()});
}

void readCounts(const QJsonObject& json, RunFigures& figures) {
  const QJsonObject failures = json[QLatin1String("failures")].toObject();
  for (std::size_t kind = 0; kind < load::failureKindCount; ++kind)
    figures.failures[kind] = countOf(failures[QLatin1String(load::failureName(static_cast<load::FailureKind>(kind)))]);
  const QJsonObject examples = json[QLatin1String("failure_examples")].toObject();
  for (auto one = examples.begin(); one != examples.end(); ++one) figures.failureExamples[one.key().toStdString()] = countOf(one.value());
  const QJsonObject statuses = json[QLatin1String("statuses")].toObject();
  for (auto one = statuses.begin(); one != statuses.end(); ++one) figures.statuses[one.key().toInt()] = countOf(one.value());
}

void readScalars(const QJsonObject& json, RunFigures& figures) {
  figures.startedMs = wholeOf(json[QLatin1String("started_ms")]);
  figures.elapsedMs = std::max<std::int64_t>(0, wholeOf(json[QLatin1String("elapsed_ms")]));
  figures.pausedMs = std::clamp<std::int64_t>(wholeOf(json[QLatin1String("paused_ms")]), 0, figures.elapsedMs);
  figures.iterations = countOf(json[QLatin1String("iterations")]);
  figures.interrupted = countOf(json[QLatin1String("interrupted")]);
  figures.dropped = countOf(json[QLatin1String("dropped")]);
  figures.users = fitted<int>(json[QLatin1String("users")].toDouble());
  figures.mostUsers = fitted<int>(json[QLatin1String("most_users")].toDouble());
  figures.cpuSeconds = numberOf(json[QLatin1String("cpu_seconds")]);
  figures.lateP99Ms = numberOf(json[QLatin1String("late_p99_ms")]);
  figures.limited = json[QLatin1String("limited")].toString().toStdString();
  figures.problem = json[QLatin1String("problem")].toString().toStdString();
  figures.state = fromWord(stateWords, json[QLatin1String("state")], RunFigures::State::Ended);
  figures.end = fromWord(endWords, json[QLatin1String("end")], RunFigures::End::None);
}

void addLists(const RunFigures& figures, QJsonObject& json) {
  QJsonArray steps, marks;
  for (const auto& step : figures.steps) steps.append(stepToJson(step));
  for (const auto& mark : figures.marks) marks.append(QJsonObject{{QStringLiteral("at_ms"), qint64{mark.atMs}}, {QStringLiteral("text"), clean(mark.text)}});
  QJsonObject examples, statuses;
  for (const auto& [text, count] : figures.failureExamples) examples[clean(text)] = countValue(count);
  for (const auto& [status, count] : figures.statuses) statuses[QString::number(status)] = countValue(count);
  json[QLatin1String("all")] = stepToJson(figures.all);
  json[QLatin1String("steps")] = steps;
  json[QLatin1String("seconds")] = secondsToJson(figures.seconds);
  json[QLatin1String("failures")] = failuresToJson(figures);
  json[QLatin1String("failure_examples")] = examples;
  json[QLatin1String("statuses")] = statuses;
  json[QLatin1String("checks")] = checksToJson(figures);
  json[QLatin1String("thresholds")] = thresholdsToJson(figures);
  json[QLatin1String("marks")] = marks;
}

}  // namespace

QString endWord(RunFigures::End end) { return wordOf(endWords, end); }

QJsonObject figuresToJson(const RunFigures& figures) {
  QJsonObject json{{QStringLiteral("started_ms"), qint64{figures.startedMs}},
                   {QStringLiteral("elapsed_ms"), qint64{figures.elapsedMs}},
                   {QStringLiteral("iterations"), countValue(figures.iterations)},
                   {QStringLiteral("interrupted"), countValue(figures.interrupted)},
                   {QStringLiteral("dropped"), countValue(figures.dropped)},
                   {QStringLiteral("users"), figures.users},
                   {QStringLiteral("most_users"), figures.mostUsers},
                   {QStringLiteral("cpu_seconds"), numberValue(figures.cpuSeconds)},
                   {QStringLiteral("late_p99_ms"), numberValue(figures.lateP99Ms)},
                   {QStringLiteral("limited"), clean(figures.limited)},
                   {QStringLiteral("problem"), clean(figures.problem)},
                   {QStringLiteral("state"), wordOf(stateWords, figures.state)},
                   {QStringLiteral("end"), endWord(figures.end)}};
  if (figures.pausedMs > 0) json[QLatin1String("paused_ms")] = qint64{figures.pausedMs};
  addLists(figures, json);
  return json;
}

Result<RunFigures> figuresFromJson(const QJsonObject& json) {
  RunFigures figures;
  readScalars(json, figures);
  readCounts(json, figures);
  readLists(json, figures);
  auto all = stepFromJson(json[QLatin1String("all")]);
  if (!all) return all.error();
  figures.all = std::move(*all);
  const QJsonArray steps = json[QLatin1String("steps")].toArray();
  if (steps.size() > mostSteps) return fail(Error::Kind::Protocol, QStringLiteral("it has %1 steps; at most %2 are read").arg(steps.size()).arg(mostSteps));
  for (const QJsonValue& value : steps) {
    auto step = stepFromJson(value);
    if (!step) return step.error();
    figures.steps.push_back(std::move(*step));
  }
  auto seconds = secondsFromJson(json[QLatin1String("seconds")].toObject());
  if (!seconds) return seconds.error();
  figures.seconds = std::move(*seconds);
  return figures;
}

}  // namespace cachedeck::runs
