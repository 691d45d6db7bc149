// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/report_formats.h"
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
  const auto chart = [&](const ChartPanel& panel) { return chartOf(snapshot, panel, static_cast<int>(plotBox(chartSize).width())); };
  if (!options.panel.isEmpty()) return svgChart(chart(panels->first()), style).toUtf8();
  const int columns = columnsFor(panels->size());
  const double rows = static_cast<double>((panels->size() + columns - 1) / columns);
  const QSizeF size(2 * margin + columns * chartSize.width() + (columns - 1) * gap, head + margin + std::max(0.0, rows * chartSize.height() + (rows - 1) * gap));
  SvgText svg(style.font);
  svg.rect(0, 0, size.width(), size.height(), style.colours.window);
  drawTitle(svg, snapshot, style.colours, size.width());
  for (qsizetype i = 0; i < panels->size(); ++i) {
    const double x = margin + static_cast<double>(i % columns) * (chartSize.width() + gap), y = head + static_cast<double>(i / columns) * (chartSize.height() + gap);
    svg.raw(QStringLiteral("<g transform=\"translate(%1,%2)\">\n").arg(SvgText::number(x), SvgText::number(y)) + svgChartElements(chart(panels->at(i)), style) + QStringLiteral("</g>\n"));
  }
  return svgDocument(svg.svg(), titleText(snapshot), style, size).toUtf8();
}

}  // namespace cachedeck::snapshot
