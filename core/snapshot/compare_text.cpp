// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/json_numbers.h"
#include "core/runs/text_table.h"
#include "core/snapshot/compare_tables.h"
#include "core/snapshot/markdown_parts.h"
#include "core/snapshot/report_json.h"
#include "core/snapshot/report_text.h"

#include <QJsonArray>

namespace cachedeck::snapshot {

namespace {

using runs::markdownText;
using runs::numberValue;

constexpr qsizetype mostTicketRows = 60;

QString aligned(const ReportTable& table, qsizetype mostRows = 60) {
  if (table.rows.isEmpty()) return QStringLiteral("  ") + table.empty + QLatin1Char('\n');
  runs::TextTable text(table.heading);
  for (const QStringList& row : table.rows.first(std::min(mostRows, table.rows.size()))) {
    QStringList cells;
    for (const QString& cell : row) cells.append(cell.size() > 70 ? cell.left(69) + QChar(0x2026) : cell);  // a statement would push the rest off the screen
    text.add(cells);
  }
  return text.aligned() + (table.rows.size() > mostRows ? QStringLiteral("  … and %1 more\n").arg(table.rows.size() - mostRows) : QString());
}

QString changeWord(ChangedRow::Kind kind) { return kind == ChangedRow::Kind::Added ? QStringLiteral("added") : kind == ChangedRow::Kind::Removed ? QStringLiteral("removed") : QStringLiteral("changed"); }

QJsonObject changesJson(const TableChanges& changes) {
  QJsonArray rows;
  for (const ChangedRow& row : changes.rows) {
    QJsonArray key, cells;
    for (const QString& part : row.key) key.append(safe(part));
    for (const ChangedRow::Cell& cell : row.cells)
      cells.append(QJsonObject{{QStringLiteral("column"), safe(cell.column)}, {QStringLiteral("first"), safe(cell.before)}, {QStringLiteral("second"), safe(cell.after)}});
    rows.append(QJsonObject{{QStringLiteral("key"), key}, {QStringLiteral("change"), changeWord(row.kind)}, {QStringLiteral("cells"), cells}});
  }
  return {{QStringLiteral("id"), safe(changes.id)}, {QStringLiteral("title"), safe(changes.title)}, {QStringLiteral("rows"), rows}};
}

QJsonObject figureJson(const ComparedFigure& figure) {
  return {{QStringLiteral("metric"), QString(figure.before.metric->id)},
          {QStringLiteral("unit"), QString(unitWord(figure.before.metric->unit))},
          {QStringLiteral("first"), toJson(figure.before)},
          {QStringLiteral("second"), toJson(figure.after)},
          {QStringLiteral("difference"), numberValue(figure.difference)},
          {QStringLiteral("percent"), numberValue(figure.percent)},
          {QStringLiteral("interval"), std::isnan(figure.low) ? QJsonValue(QJsonValue::Null) : QJsonArray{numberValue(figure.low), numberValue(figure.high)}},
          {QStringLiteral("verdict"), outcomeText(figure.outcome)},
          {QStringLiteral("reason"), figure.reason.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(figure.reason)}};
}

QString subjects(const SnapshotComparison& comparison) { return QStringLiteral("before: %1; after: %2").arg(comparison.subjectBefore, comparison.subjectAfter); }

}  // namespace

QString comparisonText(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after) {
  QString text;
  for (const QString& side : comparisonSides(before, after)) text += QStringLiteral("  ") + side + QLatin1Char('\n');
  text += QStringLiteral("\nScorecard (%1)\n").arg(subjects(comparison)) + aligned(comparedScoreTable(comparison)) + QStringLiteral("  ") + scoreSum(comparison.scorecard) + QLatin1Char('\n');
  text += QLatin1Char('\n') + comparisonSum(comparison) + QLatin1Char('\n') + aligned(comparedFiguresTable(comparison), 200);
  if (const QString sentence = settingsSentence(comparison); !sentence.isEmpty()) text += QStringLiteral("\nSettings: %1\n").arg(sentence);
  for (const TableChanges& changes : changedTables(comparison)) text += QLatin1Char('\n') + plainText(changes.title, 120) + QLatin1Char('\n') + aligned(changesTable(changes, {}));
  if (comparison.statements) text += QStringLiteral("\nStatements\n") + aligned(changesTable(*comparison.statements, QStringLiteral("None changed by a fifth.")));
  text += QLatin1Char('\n');
  for (const QString& note : comparison.notes + comparison.scorecard.notes) text += QStringLiteral("  ! ") + note + QLatin1Char('\n');
  return text.trimmed().isEmpty() ? QString() : text;
}

QString comparisonMarkdown(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after) {
  QString text = QStringLiteral("# Comparison of snapshots\n\n");
  for (const QString& side : comparisonSides(before, after)) text += QStringLiteral("- ") + markdownText(side) + QLatin1Char('\n');
  for (const QString& note : comparison.notes) text += QStringLiteral("\n> ") + markdownText(note) + QLatin1Char('\n');
  text += markdownScorecard(comparison.scorecard, subjects(comparison));
  text += markdownSection(comparedFiguresTable(comparison), 200) + QLatin1Char('\n') + markdownText(comparisonSum(comparison)) + QLatin1Char('\n');
  if (const QString sentence = settingsSentence(comparison); !sentence.isEmpty()) text += QStringLiteral("\n## Settings\n\n%1\n").arg(sentence);
  for (const TableChanges& changes : changedTables(comparison)) text += markdownSection(changesTable(changes, {}), mostTicketRows);
  if (comparison.statements) text += markdownSection(changesTable(*comparison.statements, QStringLiteral("None changed by a fifth.")), mostTicketRows);
  return text;
}

QJsonObject comparisonJson(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after) {
  QJsonArray figures, settings;
  for (const ComparedFigure& figure : comparison.figures) figures.append(figureJson(figure));
  for (const TableChanges& changes : changedTables(comparison)) settings.append(changesJson(changes));
  QJsonObject card = runs::toJson(comparison.scorecard);
  card[QLatin1String("subject_first")] = comparison.subjectBefore;
  card[QLatin1String("subject_second")] = comparison.subjectAfter;
  return {{QStringLiteral("format"), QStringLiteral("cachedeck-snapshot-comparison")},
          {QStringLiteral("version"), 1},
          {QStringLiteral("first"), headJson(before)},
          {QStringLiteral("second"), headJson(after)},
          {QStringLiteral("figures"), figures},
          {QStringLiteral("settings"), comparison.settings ? QJsonValue(settings) : QJsonValue(QJsonValue::Null)},
          {QStringLiteral("statements"), comparison.statements ? QJsonValue(changesJson(*comparison.statements)) : QJsonValue(QJsonValue::Null)},
          {QStringLiteral("scorecard"), card},
          {QStringLiteral("notes"), QJsonArray::fromStringList(comparison.notes)}};
}

}  // namespace cachedeck::snapshot
