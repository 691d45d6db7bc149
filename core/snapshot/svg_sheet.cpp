// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/report_formats.h"
#include "core/snapshot/report_tables.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/svg_chart.h"
#include "core/snapshot/svg_text.h"

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

constexpr double margin = 16, gap = 12, head = 56;

int columnsFor(qsizetype panels) { return panels > 4 ? 3 : panels > 1 ? 2 : 1; }

void drawTitle(SvgText& svg, const Snapshot& snapshot, const ChartColours& colours, double width) {
  QStringList servers;
  for (const ServerFacts& server : snapshot.servers) servers.append(plainText(QStringLiteral("%1 %2").arg(server.product, server.version), 60));
  svg.text(margin, 28, fitText(titleText(snapshot), 15, width - 2 * margin), {colours.text1, 15, 600});
  svg.text(margin, 46, fitText(rangeText(snapshot) + (servers.isEmpty() ? QString() : QStringLiteral(" · ") + servers.join(QStringLiteral(" · "))), 11, width - 2 * margin), {colours.text2, 11});
}

constexpr double markLine = 18, markTop = 22, markColumn = 560;
constexpr int mostMarks = 60;

struct MarkList {
  QStringList lines;
  int columns, rows;
  double height() const { return rows > 0 ? markTop + rows * markLine : 0; }
};

/// What the numbers on the charts are, in columns from top to bottom.
MarkList markList(const Snapshot& snapshot, double width) {
  const ReportTable table = marksTable(snapshot);
  const auto day = [](qint64 ms) { return ms / 86'400'000; };
  const int begin = day(snapshot.fromMs) == day(snapshot.toMs) ? 1 : 0;  // a date in each line only where there are several
  MarkList list{{}, std::max(1, static_cast<int>(width / markColumn)), 0};
  for (const QStringList& row : table.rows.first(std::min<qsizetype>(mostMarks, table.rows.size())))
    list.lines.append(QStringLiteral("%1. %2, %3 to %4 UTC, %5").arg(row[0], row[3], row[1].section(QLatin1Char(' '), begin), row[2].contains(QLatin1Char(' ')) ? row[2].section(QLatin1Char(' '), begin) : row[2], row[4]));
  if (table.rows.size() > mostMarks) list.lines.append(QStringLiteral("and %1 more").arg(table.rows.size() - mostMarks));
  list.rows = static_cast<int>((list.lines.size() + list.columns - 1) / list.columns);
  return list;
}

void drawMarkList(SvgText& svg, const MarkList& list, const ChartColours& colours, double top, double width) {
  const double column = (width - 2 * margin) / list.columns;
  for (qsizetype i = 0; i < list.lines.size(); ++i)
    svg.text(margin + static_cast<double>(i / list.rows) * column, top + markTop + static_cast<double>(i % list.rows) * markLine, fitText(list.lines[i], 11, column - 12), {colours.text2, 11});
}

}  // namespace

Result<QList<ChartPanel>> chosenPanels(const Snapshot& snapshot, const ReportLook& look, const ReportOptions& options) {
  QList<ChartPanel> panels = panelsOf(snapshot, look);
  if (options.panel.isEmpty()) return panels;
  QStringList names;
  for (const ChartPanel& panel : panels) {
    if (panel.id == options.panel) return QList<ChartPanel>{panel};
    names.append(panel.id);
  }
  return fail(Error::Kind::Usage, QStringLiteral("This snapshot has no panel “%1”. It has: %2.").arg(plainText(options.panel, 60), names.join(QStringLiteral(", "))));
}

Result<QByteArray> snapshotSvg(const Snapshot& snapshot, const ReportLook& look, const ReportOptions& options) {
  const auto panels = chosenPanels(snapshot, look, options);
  if (!panels) return panels.error();
  ChartStyle style{options.dark.value_or(true) ? look.dark : look.light};
  const auto chart = [&](const ChartPanel& panel) { return chartOf(snapshot, panel, static_cast<int>(plotWidth(chartSize))); };
  if (!options.panel.isEmpty()) {
    ChartData alone = chart(panels->first());
    for (ChartData::Mark& mark : alone.marks) mark.number = 0;  // no list stands below it
    return svgChart(alone, style).toUtf8();
  }
  const int columns = columnsFor(panels->size());
  const double rows = static_cast<double>((panels->size() + columns - 1) / columns);
  const double width = 2 * margin + columns * chartSize.width() + (columns - 1) * gap, end = head + std::max(0.0, rows * chartSize.height() + (rows - 1) * gap);
  const MarkList marks = markList(snapshot, width);
  const QSizeF size(width, end + marks.height() + margin);
  SvgText svg(style.font);
  svg.rect(0, 0, size.width(), size.height(), style.colours.window);
  drawTitle(svg, snapshot, style.colours, size.width());
  for (qsizetype i = 0; i < panels->size(); ++i) {
    const double x = margin + static_cast<double>(i % columns) * (chartSize.width() + gap), y = head + static_cast<double>(i / columns) * (chartSize.height() + gap);
    svg.raw(QStringLiteral("<g transform=\"translate(%1,%2)\">\n").arg(SvgText::number(x), SvgText::number(y)) + svgChartElements(chart(panels->at(i)), style) + QStringLiteral("</g>\n"));
  }
  drawMarkList(svg, marks, style.colours, end, width);
  return svgDocument(svg.svg(), titleText(snapshot), style, size).toUtf8();
}

}  // namespace cachedeck::snapshot
