// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/report_formats.h"

#include "core/runs/text_table.h"
#include "core/snapshot/markdown_parts.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/scorecards.h"

#include <QRegularExpression>

#include <algorithm>

namespace cachedeck::snapshot {

using runs::markdownText;

namespace {

QString rowText(const QStringList& cells) { return QStringLiteral("| ") + cells.join(QStringLiteral(" | ")) + QStringLiteral(" |\n"); }

QString cellsText(const QStringList& cells) {
  QStringList plain;
  for (const QString& cell : cells) plain.append(markdownText(cell));
  return rowText(plain);
}

/// A whole line, in pieces that markdownText() does not cut.
QString lineText(const QString& line) {
  constexpr qsizetype piece = 250;
  QString text;
  for (qsizetype at = 0; at < line.size();) {
    qsizetype count = std::min(piece, line.size() - at);
    if (at + count < line.size() && line[at + count].isLowSurrogate()) ++count;
    text += markdownText(line.mid(at, count));
    at += count;
  }
  // What would begin a list or a rule, or code where it is indented.
  static const QRegularExpression beginning(QStringLiteral("^( *)(\\d{0,9})([-+=.)])"));
  text.replace(beginning, QStringLiteral("\\1\\2\\\\3"));
  qsizetype spaces = 0;
  while (spaces < text.size() && text[spaces] == QLatin1Char(' ')) text[spaces++] = QChar(0xA0);
  return text;
}

/// A quotation whose lines are kept.
QString noteText(const Snapshot& snapshot) {
  const QStringList lines = noteLines(snapshot);
  QString text = lines.isEmpty() ? QString() : QStringLiteral("\n");
  for (qsizetype i = 0; i < lines.size(); ++i) {
    const bool breaks = i + 1 < lines.size() && !lines[i].trimmed().isEmpty() && !lines[i + 1].trimmed().isEmpty();
    text += QStringLiteral("> ") + lineText(lines[i]) + (breaks ? QStringLiteral("\\") : QString()) + QLatin1Char('\n');
  }
  return text;
}

}  // namespace

QString markdownTable(const ReportTable& table, qsizetype mostRows) {
  if (table.rows.isEmpty()) return markdownText(table.empty) + QLatin1Char('\n');
  QStringList rule;
  for (qsizetype i = 0; i < table.heading.size(); ++i) rule.append(table.right.value(i) ? QStringLiteral("---:") : QStringLiteral("---"));
  QString text = cellsText(table.heading) + rowText(rule);
  const qsizetype shown = std::min(mostRows, table.rows.size());
  for (const QStringList& row : table.rows.first(shown)) text += cellsText(row);
  return shown < table.rows.size() ? text + QStringLiteral("\n%1 further rows stand in the snapshot.\n").arg(table.rows.size() - shown) : text;
}

QString markdownSection(const ReportTable& table, qsizetype mostRows) { return QStringLiteral("\n## %1\n\n").arg(markdownText(table.title)) + markdownTable(table, mostRows); }

QString markdownScorecard(const runs::Scorecard& card, const QString& of) {
  QString text = QStringLiteral("\n## Scorecard: %1\n\n").arg(markdownText(of)) + markdownTable(scoreTable(card), 100) + QLatin1Char('\n') + markdownText(scoreSum(card)) + QLatin1Char('\n');
  for (const QString& note : card.notes) text += QStringLiteral("\n> ") + markdownText(note) + QLatin1Char('\n');
  return text;
}

QByteArray snapshotMarkdown(const Snapshot& snapshot) {
  constexpr qsizetype mostRows = 60;  // a ticket, not an archive
  QString text = QStringLiteral("# %1\n\n").arg(markdownText(titleText(snapshot))) + markdownTable(aboutTable(snapshot), mostRows) + noteText(snapshot);
  text += markdownSection(serversTable(snapshot), mostRows);
  text += markdownScorecard(scorecardOf(snapshot), scoreSubject(snapshot).what);
  text += markdownSection(figuresTable(snapshot), 200);
  bool anyAlerts = false;
  for (const FactTable& facts : snapshot.facts)
    if (isOfAlerts(facts)) {
      text += markdownSection(factsTable(facts), mostRows);
      anyAlerts = true;
    }
  if (!anyAlerts) text += QStringLiteral("\n## Alerts\n\nThis snapshot holds no alerts.\n");
  for (const ReportTable& table : {actionsTable(snapshot), runsTable(snapshot), missingTable(snapshot)}) text += markdownSection(table, mostRows);
  return text.toUtf8();
}

}  // namespace cachedeck::snapshot
