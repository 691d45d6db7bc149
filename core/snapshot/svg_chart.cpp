// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/svg_chart.h"

#include "core/metrics/format.h"
#include "core/snapshot/chart_axis.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/svg_lines.h"
#include "core/snapshot/svg_marks.h"

#include <QRectF>

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

using Anchor = SvgText::Anchor;
// As the window's panels: 16 inside the card, the plot below title and legend.
constexpr double padding = 16, titleBase = 27, legendBase = 47, legendRow = 16, legendSize = 11, labelSize = 10;

void drawHead(SvgText& svg, const ChartData& data, const ChartStyle& style, QSizeF size) {
  const ChartColours& colours = style.colours;
  const QString title = plainText(data.title, 60);
  svg.text(padding, titleBase, title, {colours.text1, 13, 600});
  QStringList quiet;
  for (const QString& part : {plainText(data.subtitle, 60), unitLike(std::max(data.high, -data.low), data.unit), data.relative ? QStringLiteral("time since the beginning") : QString()})
    if (!part.isEmpty()) quiet.append(part);
  const double left = padding + textWidth(title, 13) + 10;
  svg.text(left, titleBase, fitText(quiet.join(QStringLiteral(" · ")), 11, size.width() - left - padding), {colours.text3, 11});
}

/// The newest value; of two snapshots that of both.
QString legendValue(const ChartData& data, const ChartData::Line& line) {
  const QString value = valueText(line.last, data.unit);
  for (const ChartData::Line& other : data.lines)
    if (other.faded && !line.faded && other.label == line.label) return valueText(other.last, data.unit) + QStringLiteral(" → ") + value;
  return value;
}

bool standsBehind(const ChartData& data, const ChartData::Line& line) {
  return line.faded && std::ranges::any_of(data.lines, [&](const ChartData::Line& other) { return !other.faded && other.label == line.label; });
}

struct LegendEntry {
  const ChartData::Line* line;
  QString label, value;
  double x, labelWidth;
  int row;
};

/// As many rows as it takes.
QList<LegendEntry> legendOf(const ChartData& data, double width) {
  QList<LegendEntry> entries;
  double x = padding;
  int row = 0;
  for (const ChartData::Line& line : data.lines) {
    if (standsBehind(data, line)) continue;
    const QString label = fitText(plainText(line.label, 60), legendSize, 130), value = legendValue(data, line);
    const double labelWidth = textWidth(label, legendSize), whole = 20 + labelWidth + 7 + textWidth(value, legendSize) * 1.04;
    if (x > padding && x + whole > width - padding) x = padding, ++row;
    entries.append({&line, label, value, x, labelWidth, row});
    x += whole + 14;
  }
  return entries;
}

void drawLegend(SvgText& svg, const QList<LegendEntry>& entries, const ChartStyle& style) {
  for (const LegendEntry& entry : entries) {
    const double x = entry.x, y = legendBase + entry.row * legendRow;
    const QString dashes = entry.line->style == ChartPanel::Style::Dashed ? QStringLiteral("4 3") : entry.line->faded ? QStringLiteral("2 3") : QString();
    svg.line(x, y - 4, x + 14, y - 4, {style.colours.ofSeries(entry.line->colour), 2.6, 1, dashes});
    svg.text(x + 20, y, entry.label, {style.colours.text2, legendSize, 500});
    svg.text(x + 20 + entry.labelWidth + 7, y, entry.value, {style.colours.text1, legendSize, 600});
  }
}

void drawAxes(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places, double width) {
  const PlotBox& box = places.box;
  const ChartColours& colours = style.colours;
  for (const AxisTick& tick : valueTicks({data.low, data.high, data.step}, data.unit)) {
    const double y = std::round(box.bottom - tick.at * box.height()) + 0.5;
    svg.line(box.left, y, box.right, y, {colours.grid, 1});
    svg.text(box.left - 8, y + 3.5, tick.label, {colours.text3, 11, 400, Anchor::End});
  }
  svg.line(box.left, box.bottom + 0.5, box.right, box.bottom + 0.5, {colours.axis, 1});
  double labelsFrom = 0;
  if (!data.relative) {  // in the corner, into which the label of a tick at the very beginning does not reach
    const QString zone = QStringLiteral("UTC");
    svg.text(padding / 2, box.bottom + 18, zone, {colours.text3, 9, 400});
    labelsFrom = padding / 2 + 3 + textWidth(zone, 9);
  }
  for (const AxisTick& tick : timeTicks(data.fromMs, data.toMs, data.relative, box.width())) {
    const double x = places.x(tick.at);
    svg.line(x, box.bottom + 0.5, x, box.bottom + 4.5, {colours.axis, 1});
    const double half = textWidth(tick.label, 11) / 2, furthest = width - padding / 2 - half;  // "+30 min" would touch the card's edge
    svg.text(std::min(std::max(x, labelsFrom + half), furthest), box.bottom + 18, tick.label, {colours.text3, 11, 400, Anchor::Middle});
  }
}

void drawBands(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places) {
  for (const ChartData::Threshold& line : data.thresholds) {
    if (!line.band) continue;
    const double y = places.y(line.value), top = line.beyondIsBelow ? y : places.box.top, bottom = line.beyondIsBelow ? places.box.bottom : y;
    svg.rect(places.box.left, top, places.box.width(), bottom - top, style.colours.ofLevel(line.level), 0.06);
  }
}

void drawThresholds(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places) {
  double lastBaseline = -100;
  for (const ChartData::Threshold& line : data.thresholds) {
    const QString colour = style.colours.ofLevel(line.level);
    const double y = std::round(places.y(line.value)) + 0.5;
    svg.line(places.box.left, y, places.box.right, y, {colour, 1.2, 1, QStringLiteral("5 4")});
    double baseline = y - 4;
    if (baseline - labelSize < places.box.top || std::abs(baseline - lastBaseline) < labelSize + 3) baseline = y + labelSize + 3;
    if (std::abs(baseline - lastBaseline) < labelSize + 3) continue;  // three lines on one spot: the legend of two will do
    const QString label = plainText(line.label, 60);
    const QRectF plate(places.box.left + 4, baseline - labelSize, textWidth(label, labelSize) + 6, labelSize + 3);
    svg.rect(plate.x(), plate.y(), plate.width(), plate.height(), style.colours.card, 0.78);
    svg.text(places.box.left + 6, baseline, label, {colour, labelSize, 600});
    lastBaseline = baseline;
  }
}

}  // namespace

double plotWidth(QSizeF size) { return size.width() - 78; }

PlotBox plotBox(const ChartData& data, QSizeF size) {
  const QList<LegendEntry> legend = legendOf(data, size.width());
  const double top = 62 + (legend.isEmpty() ? 0 : legend.last().row) * legendRow + markBand(data);
  return {58, std::min(top, size.height() - 92), 58 + plotWidth(size), size.height() - 32};
}

QString svgChartElements(const ChartData& data, const ChartStyle& style, QSizeF size) {
  SvgText svg(style.font);
  const PlotPlaces places{plotBox(data, size), data.low, data.high};
  svg.rect(0.5, 0.5, size.width() - 1, size.height() - 1, style.colours.card, 1, 10, {style.colours.border, 1});
  drawHead(svg, data, style, size);
  if (data.isEmpty()) {
    svg.text(size.width() / 2, size.height() / 2 + 4, QStringLiteral("Nothing was measured in this time."), {style.colours.text3, 12, 400, Anchor::Middle});
    return svg.svg();
  }
  drawLegend(svg, legendOf(data, size.width()), style);
  drawAxes(svg, data, style, places, size.width());
  drawBands(svg, data, style, places);
  drawStretches(svg, data, style, places);
  drawLines(svg, data, style, places);
  drawThresholds(svg, data, style, places);
  drawMarks(svg, data, style, places);
  drawEnds(svg, data, style, places);
  return svg.svg();
}

QString svgDocument(const QString& elements, const QString& title, const ChartStyle& style, QSizeF size) {
  const QString width = SvgText::number(size.width()), height = SvgText::number(size.height());
  const QString own = style.inlined ? QString() : QStringLiteral(" xmlns=\"http://www.w3.org/2000/svg\" width=\"%1\" height=\"%2\"").arg(width, height);
  return QStringLiteral("<svg%1 viewBox=\"0 0 %2 %3\" role=\"img\">\n<title>").arg(own, width, height) + markupText(title, 200) + QStringLiteral("</title>\n") + elements + QStringLiteral("</svg>\n");
}

QString svgChart(const ChartData& data, const ChartStyle& style, QSizeF size) { return svgDocument(svgChartElements(data, style, size), data.title, style, size); }

}  // namespace cachedeck::snapshot
