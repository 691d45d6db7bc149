// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/compare_tables.h"

#include "core/snapshot/report_text.h"

#include <cmath>

namespace cachedeck::snapshot {

namespace {

QString kindText(ChangedRow::Kind kind) { return kind == ChangedRow::Kind::Added ? QStringLiteral("added") : kind == ChangedRow::Kind::Removed ? QStringLiteral("removed") : QStringLiteral("changed"); }

/// The bands of both: "good", "good → good, worst critical".
QString bandsText(const Figure& before, const Figure& after) {
  const QString first = bandText(before), second = bandText(after);
  return first == second ? second : QStringLiteral("%1 → %2").arg(first, second);
}

QString nameOf(const MetricInfo& metric) { return QString(metric.id); }

}  // namespace

QString percentText(double percent) {
  if (!std::isfinite(percent)) return QStringLiteral("–");
  if (std::abs(percent) >= 1e6) return QStringLiteral("%1 %").arg(percent, 0, 'g', 3);
  return (percent > 0 ? QStringLiteral("+") : QString()) + QString::number(percent, 'f', 1) + QStringLiteral(" %");
}

QString differenceText(double difference, Unit unit) {
  if (!std::isfinite(difference)) return QStringLiteral("–");
  // A difference of two shares is in points: 5 % of 80 % would be another thing.
  const QString text = unit == Unit::Percent && std::abs(difference) < 1e6 ? QString::number(difference, 'f', 2) + QStringLiteral(" points") : valueText(difference, unit);
  return (difference > 0 ? QStringLiteral("+") : QString()) + text;
}

ReportTable comparedFiguresTable(const SnapshotComparison& comparison) {
  ReportTable table{QStringLiteral("Figures, means of the ranges"), {}, {false, false, true, true, true, true}, {}, 7, QStringLiteral("Neither measured anything."), 6};
  for (const char* title : {"metric", "", "first", "second", "change", "%", "band", "verdict"}) table.heading.append(QString::fromLatin1(title));
  for (const ComparedFigure& figure : comparison.figures) {
    const MetricInfo& metric = *figure.before.metric;
    table.rows.append({nameOf(metric), QString::fromUtf8(metric.name), valueText(figure.before.mean, metric.unit), valueText(figure.after.mean, metric.unit), differenceText(figure.difference, metric.unit),
                       percentText(figure.percent), bandsText(figure.before, figure.after), figure.reason.isEmpty() ? outcomeText(figure.outcome) : figure.reason});
  }
  return table;
}

ReportTable changesTable(const TableChanges& changes, const QString& empty) {
  ReportTable table{plainText(changes.title, 120), {}, {}, {}, -1, empty};
  for (const char* title : {"what", "change", "column", "first", "second"}) table.heading.append(QString::fromLatin1(title));
  for (const ChangedRow& row : changes.rows) {
    QStringList key;
    for (const QString& part : row.key)
      if (!part.isEmpty()) key.append(plainText(part, 400));
    const QString name = key.join(QStringLiteral(" · "));
    if (row.cells.isEmpty()) table.rows.append({name, kindText(row.kind), {}, {}, {}});
    for (const ChangedRow::Cell& cell : row.cells) table.rows.append({name, kindText(row.kind), plainText(cell.column, 120), plainText(cell.before, 400), plainText(cell.after, 400)});
  }
  return table;
}

ReportTable comparedScoreTable(const SnapshotComparison& comparison) { return scoreTable(comparison.scorecard); }

QList<TableChanges> changedTables(const SnapshotComparison& comparison) { return comparison.settings.value_or(QList<TableChanges>()); }

QString settingsSentence(const SnapshotComparison& comparison) {
  if (!comparison.settings) return QStringLiteral("Not compared: no table of settings is on both sides.");
  return comparison.settings->isEmpty() ? QStringLiteral("No differences.") : QString();
}

QString comparisonSum(const SnapshotComparison& comparison) {
  QStringList parts;
  for (const Outcome outcome : {Outcome::Better, Outcome::Worse, Outcome::Higher, Outcome::Lower, Outcome::WithinNoise, Outcome::NotJudged})
    if (const int count = comparison.count(outcome)) parts.append(QStringLiteral("%1 %2").arg(count).arg(outcomeText(outcome)));
  return parts.isEmpty() ? QStringLiteral("Figures: none.") : QStringLiteral("Figures: %1.").arg(parts.join(QStringLiteral(", ")));
}

QStringList comparisonSides(const Snapshot& before, const Snapshot& after) {
  return {QStringLiteral("first: %1, %2").arg(titleText(before), rangeText(before)), QStringLiteral("second: %1, %2").arg(titleText(after), rangeText(after))};
}

}  // namespace cachedeck::snapshot
