// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/instants.h"
#include "core/metrics/format.h"
#include "core/runs/compare.h"
#include "core/runs/json_numbers.h"
#include "core/runs/text_table.h"

#include <QJsonArray>

#include <cmath>

namespace cachedeck::runs {

namespace {

QString signedPercent(double percent) {
  if (std::isnan(percent)) return QStringLiteral("–");
  return (percent > 0 ? QStringLiteral("+") : QString()) + QString::number(percent, 'f', 1) + QStringLiteral(" %");
}

QString signedValue(double value, Unit unit) {
  if (std::isnan(value)) return QStringLiteral("–");
  // A difference of two shares is in points: 5 % of 80 % would be another thing.
  const QString text = unit == Unit::Percent ? QString::number(value, 'f', 2) + QStringLiteral(" points") : formatValue(value, unit);
  return (value > 0 ? QStringLiteral("+") : QString()) + text;
}

QString intervalText(const Change& change, Unit unit) {
  if (std::isnan(change.low)) return change.reason.isEmpty() ? QStringLiteral("–") : change.reason;
  return QStringLiteral("%1 … %2").arg(signedValue(change.low, unit), signedValue(change.high, unit));
}

/// One table for each run against the first.
TextTable tableOf(const Comparison& comparison, qsizetype run) {
  TextTable table({QStringLiteral("metric"), comparison.runs.first().id, comparison.runs[run].id, QStringLiteral("change"), QStringLiteral("%"),
                   QStringLiteral("95 % interval"), QStringLiteral("verdict")});
  for (const ComparedMetric& metric : comparison.metrics) {
    const Change& change = metric.runs[run];
    table.add({metric.name, formatValue(metric.runs.first().value, metric.unit), formatValue(change.value, metric.unit), signedValue(change.difference, metric.unit),
               signedPercent(change.percent), intervalText(change, metric.unit), verdictText(change.verdict)});
  }
  return table;
}

QString aboutRun(const ComparedRun& run) {
  QString text = QStringLiteral("%1: %2, %3").arg(run.id, run.scenario, utcText(run.startedMs));
  if (!run.cache.isEmpty()) text += QStringLiteral(", cache ") + run.cache;
  if (!run.url.isEmpty()) text += QStringLiteral(", ") + run.url;
  if (!run.note.isEmpty()) text += QStringLiteral(" – ") + run.note.simplified();
  return text;
}

QString headline(const Comparison& comparison, qsizetype run) {
  return QStringLiteral("%1 against %2: %3").arg(comparison.runs[run].id, comparison.runs.first().id, verdictText(comparison.runs[run].verdict));
}

/// Latencies in ms and shares 0 to 1, as in the result of a run.
double jsonScale(Unit unit) { return unit == Unit::Seconds ? 1000 : unit == Unit::Percent ? 0.01 : 1; }

QJsonObject changeToJson(const Change& change, Unit unit) {
  const double scale = jsonScale(unit);
  QJsonObject json{{QStringLiteral("value"), numberValue(scale * change.value)},
                   {QStringLiteral("change"), numberValue(scale * change.difference)},
                   {QStringLiteral("change_percent"), numberValue(change.percent)},
                   {QStringLiteral("interval"), std::isnan(change.low) ? QJsonValue(QJsonValue::Null) : QJsonArray{numberValue(scale * change.low), numberValue(scale * change.high)}},
                   {QStringLiteral("verdict"), verdictText(change.verdict)},
                   {QStringLiteral("better"), change.better}};
  if (!change.reason.isEmpty()) json[QLatin1String("reason")] = change.reason;
  return json;
}

}  // namespace

QString comparisonText(const Comparison& comparison) {
  QString text;
  for (const ComparedRun& run : comparison.runs) text += QStringLiteral("  ") + aboutRun(run) + QLatin1Char('\n');
  for (qsizetype run = 1; run < comparison.runs.size(); ++run) text += QLatin1Char('\n') + tableOf(comparison, run).aligned();
  text += QLatin1Char('\n');
  for (qsizetype run = 1; run < comparison.runs.size(); ++run) text += QStringLiteral("  ") + headline(comparison, run) + QLatin1Char('\n');
  for (const QString& note : comparison.notes) text += QStringLiteral("  ! ") + note + QLatin1Char('\n');
  return text;
}

QString comparisonMarkdown(const Comparison& comparison) {
  QString text = QStringLiteral("# Comparison of load runs\n\n");
  for (const ComparedRun& run : comparison.runs) text += QStringLiteral("- ") + markdownText(aboutRun(run)) + QLatin1Char('\n');
  for (qsizetype run = 1; run < comparison.runs.size(); ++run)
    text += QStringLiteral("\n**%1**\n\n").arg(markdownText(headline(comparison, run))) + tableOf(comparison, run).markdown();
  for (const QString& note : comparison.notes) text += QStringLiteral("\n> ") + markdownText(note) + QLatin1Char('\n');
  return text;
}

QJsonObject toJson(const Comparison& comparison) {
  QJsonArray runs, metrics;
  for (const ComparedRun& run : comparison.runs)
    runs.append(QJsonObject{{QStringLiteral("id"), run.id}, {QStringLiteral("scenario"), run.scenario}, {QStringLiteral("url"), run.url}, {QStringLiteral("cache"), run.cache},
                            {QStringLiteral("started_ms"), run.startedMs}, {QStringLiteral("verdict"), verdictText(run.verdict)}});
  for (const ComparedMetric& metric : comparison.metrics) {
    QJsonArray changes;
    for (const Change& change : metric.runs) changes.append(changeToJson(change, metric.unit));
    metrics.append(QJsonObject{{QStringLiteral("id"), metric.id}, {QStringLiteral("name"), metric.name}, {QStringLiteral("runs"), changes}});
  }
  return {{QStringLiteral("runs"), runs}, {QStringLiteral("metrics"), metrics}, {QStringLiteral("notes"), QJsonArray::fromStringList(comparison.notes)}};
}

}  // namespace cachedeck::runs
