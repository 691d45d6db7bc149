// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/text_table.h"

#include "core/base/text.h"

#include <algorithm>

namespace cachedeck::runs {

namespace {

constexpr qsizetype longestCell = 300;

QString padded(const QString& cell, qsizetype width, bool left) { return left ? cell.leftJustified(width) : cell.rightJustified(width); }

QString markdownRow(const QStringList& cells) { return QStringLiteral("| ") + cells.join(QLatin1String(" | ")) + QStringLiteral(" |\n"); }

}  // namespace

QString TextTable::aligned(int indent) const {
  QList<qsizetype> widths;
  for (const QStringList& row : m_rows)
    for (qsizetype i = 0; i < row.size(); ++i) {
      if (i == widths.size()) widths.append(0);
      widths[i] = std::max(widths[i], printable(row[i], longestCell).size());
    }
  QString text;
  for (const QStringList& row : m_rows) {
    QString line(indent, QLatin1Char(' '));
    for (qsizetype i = 0; i < row.size(); ++i) line += (i ? QStringLiteral("  ") : QString()) + padded(printable(row[i], longestCell), widths[i], i == 0);
    while (line.endsWith(QLatin1Char(' '))) line.chop(1);
    text += line + QLatin1Char('\n');
  }
  return text;
}

QString TextTable::markdown() const {
  QString text;
  for (qsizetype i = 0; i < m_rows.size(); ++i) {
    QStringList cells;
    for (const QString& cell : m_rows[i]) cells.append(markdownText(cell));
    text += markdownRow(cells);
    if (i > 0) continue;
    QStringList rule(cells.size(), QStringLiteral("---:"));
    rule.first() = QStringLiteral("---");
    text += markdownRow(rule);
  }
  return text;
}

QString markdownText(const QString& text) {
  static const QString special = QStringLiteral("\\`*_{}[]<>#|~!&");
  QString plain;
  for (const QChar c : printable(text, longestCell)) {
    if (special.contains(c)) plain += QLatin1Char('\\');
    plain += c;
  }
  return plain;
}

}  // namespace cachedeck::runs
