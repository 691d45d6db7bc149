// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/svg_lines.h"

#include <cmath>
#include <span>

namespace cachedeck::snapshot {

namespace {

using Style = ChartPanel::Style;
using Columns = std::span<const ChartColumn>;

QString point(double x, double y) { return QString::number(x, 'f', 1) + QLatin1Char(' ') + QString::number(y, 'f', 1); }

/// The stretches between gaps, with the number of their first column.
template <typename Act>
void eachRun(const std::vector<ChartColumn>& columns, Act act) {
  size_t begin = 0;
  for (size_t i = 1; i <= columns.size(); ++i)
    if (i == columns.size() || columns[i].afterGap) {
      act(Columns(columns).subspan(begin, i - begin), begin);
      begin = i;
    }
}

/// A line through extremes and last values, so that no spike is lost; extremes that are no pixel apart are left out.
QString pathOf(Columns run, const PlotPlaces& places) {
  constexpr double seen = 0.4;
  QString path;
  for (const ChartColumn& column : run) {
    const double x = places.x(column.at), last = places.y(column.last);
    const auto to = [&](double y) { path += (path.isEmpty() ? QLatin1Char('M') : QLatin1Char('L')) + point(x, y); };
    const double first = places.y(column.minFirst ? column.min : column.max), second = places.y(column.minFirst ? column.max : column.min);
    if (std::abs(first - last) > seen || std::abs(second - last) > seen) {
      to(first);
      to(second);
    }
    to(last);
  }
  return path;
}

QString meanPath(Columns run, const PlotPlaces& places) {
  QString path;
  for (const ChartColumn& column : run) path += (path.isEmpty() ? QLatin1Char('M') : QLatin1Char('L')) + point(places.x(column.at), places.y(column.mean));
  return path;
}

QString closedToZero(const QString& path, Columns run, const PlotPlaces& places) {
  const double zero = places.y(std::max(0.0, places.low));
  return path + QLatin1Char('L') + point(places.x(run.back().at), zero) + QLatin1Char('L') + point(places.x(run.front().at), zero) + QLatin1Char('Z');
}

void drawPath(SvgText& svg, const QString& path, Columns run, const SvgText::Stroke& stroke, const PlotPlaces& places) {
  if (run.size() == 1) svg.circle(places.x(run.front().at), places.y(run.front().last), 1.6, stroke.colour, stroke.opacity);  // one sample between gaps
  else svg.stroke(path, stroke);
}

QString gradient(SvgText& svg, const ChartData& data, qsizetype line, const QString& colour) {
  QString id = QStringLiteral("fill-");
  for (const QChar c : data.id) id += c.unicode() < 128 && (c.isLetterOrNumber() || c == QLatin1Char('_')) ? c : QLatin1Char('-');
  id += QStringLiteral("-%1").arg(line);
  svg.raw(QStringLiteral("<linearGradient id=\"%1\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" stop-color=\"%2\" stop-opacity=\"0.31\"/><stop offset=\"1\" stop-color=\"%2\" stop-opacity=\"0.02\"/></linearGradient>\n")
              .arg(id, colour));
  return QStringLiteral("url(#%1)").arg(id);
}

/// Few bars are wider, so that a short range does not look like a fence.
double barWidth(const ChartData::Line& line, const PlotPlaces& places) {
  constexpr double narrowest = 3.6, widest = 16, share = 0.72;
  double spacing = 1;
  for (size_t i = 1; i < line.columns.size(); ++i) spacing = std::min(spacing, line.columns[i].at - line.columns[i - 1].at);
  return std::clamp(share * spacing * places.box.width(), narrowest, widest);
}

void drawBars(SvgText& svg, const ChartData::Line& line, const QString& colour, const PlotPlaces& places) {
  const double width = barWidth(line, places);
  QString path;
  const double zero = places.y(std::max(0.0, places.low));
  for (const ChartColumn& column : line.columns) {
    const double left = std::clamp(places.x(column.at) - width, places.box.left, places.box.right - width), top = places.y(column.mean);
    path += QLatin1Char('M') + point(left, zero) + QLatin1Char('L') + point(left, top) + QLatin1Char('L') + point(left + width, top) + QLatin1Char('L') + point(left + width, zero) + QLatin1Char('Z');
  }
  svg.fill(path, colour, 0.62);
}

void drawStacked(SvgText& svg, const ChartData::Line& line, const QString& colour, const PlotPlaces& places) {
  eachRun(line.columns, [&](Columns run, size_t begin) {
    const QString top = meanPath(run, places);
    QString ring = top;
    for (size_t i = run.size(); i-- > 0;) ring += QLatin1Char('L') + point(places.x(run[i].at), places.y(line.floor[begin + i]));
    svg.fill(ring + QLatin1Char('Z'), colour, 0.35);
    drawPath(svg, top, run, {colour, 1.3}, places);
  });
}

void drawLine(SvgText& svg, const ChartData& data, qsizetype index, const ChartStyle& style, const PlotPlaces& places) {
  const ChartData::Line& line = data.lines[index];
  const QString colour = style.colours.ofSeries(line.colour);
  const bool area = line.style == Style::Area && !line.columns.empty();
  const QString fill = !area ? QString() : style.flat ? colour : gradient(svg, data, index, colour);
  SvgText::Stroke stroke{colour, 1.6, line.faded ? 0.75 : 1.0};
  if (line.style == Style::Dashed) stroke.dashes = QStringLiteral("4 3");
  if (line.faded) stroke.dashes = QStringLiteral("2 3");
  eachRun(line.columns, [&](Columns run, size_t) {
    const QString path = pathOf(run, places);
    if (!fill.isEmpty() && run.size() > 1) svg.fill(closedToZero(path, run, places), fill, style.flat ? 0.14 : 1);
    drawPath(svg, path, run, stroke, places);
  });
}

}  // namespace

void drawLines(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places) {
  for (qsizetype i = 0; i < data.lines.size(); ++i) {
    const ChartData::Line& line = data.lines[i];
    const QString colour = style.colours.ofSeries(line.colour);
    if (line.style == Style::Bars) drawBars(svg, line, colour, places);
    else if (line.style == Style::Stacked) drawStacked(svg, line, colour, places);
    else drawLine(svg, data, i, style, places);
  }
}

void drawEnds(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places) {
  constexpr double near = 0.97;  // a line that ended earlier has no newest value to point at
  for (const ChartData::Line& line : data.lines) {
    if (line.columns.empty() || line.faded || line.columns.back().at < near || line.style == Style::Bars || line.style == Style::Stacked || line.style == Style::Dashed) continue;
    const double x = places.x(line.columns.back().at), y = places.y(line.columns.back().last);
    svg.circle(x, y, 6, style.colours.ofSeries(line.colour), 0.24);
    svg.circle(x, y, 3.6, style.colours.ofSeries(line.colour), 1, {style.colours.card, 1.4});
  }
}

}  // namespace cachedeck::snapshot
