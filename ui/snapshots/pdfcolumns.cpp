// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/pdfcolumns.h"

#include "ui/snapshots/pdftext.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

constexpr qsizetype lookedAt = 300;  // rows

struct Column {
  double whole = 0, least = 0, weight = 0;  // on one line; without a broken word; how much text it holds
  double width = 0;
  bool fixed = false;
};

Column columnOf(const snapshot::ReportTable& table, qsizetype column, const QFontMetricsF& metrics, double padding) {
  const auto rows = table.rows.first(std::min(lookedAt, table.rows.size()));
  Column made{metrics.horizontalAdvance(table.heading[column]), longestPiece(table.heading[column], metrics)};
  double all = 0;
  for (const QStringList& row : rows) {
    const QString cell = row.value(column).left(600);
    const double advance = metrics.horizontalAdvance(cell);
    made.whole = std::max(made.whole, advance);
    made.least = std::max(made.least, longestPiece(cell, metrics));
    all += advance;
  }
  made.weight = std::sqrt(std::max(made.whole, all / std::max(1.0, static_cast<double>(rows.size()))));
  made.whole += padding;
  made.least += padding;
  return made;
}

/// Fixes the columns of which `wanted` gives what they need, as long as there are such; gives back what is left for the others.
template <typename Wanted>
double fix(QList<Column>& columns, double left, Wanted wanted) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Column& column : columns) {
      if (column.fixed) continue;
      const double width = wanted(column, left);
      if (width <= 0) continue;
      column.width = width;
      column.fixed = changed = true;
      left -= width;
    }
  }
  return left;
}

}  // namespace

QList<double> columnWidths(const snapshot::ReportTable& table, const QFontMetricsF& metrics, double width, double padding) {
  QList<Column> columns;
  for (qsizetype i = 0; i < table.heading.size(); ++i) columns.append(columnOf(table, i, metrics, padding));
  const auto open = [&] { return static_cast<double>(std::ranges::count(columns, false, &Column::fixed)); };
  const auto weight = [&] {
    double sum = 0;
    for (const Column& column : columns) sum += column.fixed ? 0 : column.weight;
    return sum;
  };
  double left = fix(columns, width, [&](const Column& column, double now) { return column.whole <= now / open() ? column.whole : 0; });
  left = fix(columns, left, [&](const Column& column, double now) { return column.least > now * column.weight / weight() && column.least <= now / open() * 1.6 && open() > 1 ? column.least : 0; });
  const double sum = weight();
  for (Column& column : columns)
    if (!column.fixed) column.width = left * column.weight / sum;
  QList<double> widths;
  double used = 0;
  for (const Column& column : columns) used += column.width;
  for (const Column& column : columns) widths.append(used > 0 ? column.width * width / used : width);  // a table of narrow columns fills its width all the same
  return widths;
}

}  // namespace cachedeck
