// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/hover_json.h"

#include "core/snapshot/report_text.h"
#include "core/snapshot/svg_chart.h"

#include <QJsonArray>

#include <cmath>

namespace cachedeck::snapshot {

namespace {

constexpr double places = 10'000;
constexpr size_t mostValues = 240;  // a line; the pointer is no finer

QJsonObject lineJson(const ChartData::Line& line, Unit unit) {
  QJsonArray at, text;
  const size_t step = std::max<size_t>(1, (line.columns.size() + mostValues - 1) / mostValues);
  for (size_t i = 0; i < line.columns.size(); i += step) {
    const ChartColumn& column = line.columns[i];
    const bool stacked = line.style == ChartPanel::Style::Stacked && i < line.floor.size();
    at.append(std::round(column.at * places));
    text.append(valueText(stacked ? column.mean - line.floor[i] : line.style == ChartPanel::Style::Bars ? column.mean : column.last, unit));
  }
  return {{QStringLiteral("name"), plainText(line.label, 60)}, {QStringLiteral("colour"), qBound(1, line.colour, 8)}, {QStringLiteral("at"), at}, {QStringLiteral("text"), text}};
}

}  // namespace

QJsonObject hoverJson(const ChartData& data) {
  QJsonArray lines;
  for (const ChartData::Line& line : data.lines) lines.append(lineJson(line, data.unit));
  const PlotBox box = plotBox(data, chartSize);
  return {{QStringLiteral("from"), data.fromMs}, {QStringLiteral("to"), data.toMs},       {QStringLiteral("relative"), data.relative}, {QStringLiteral("w"), chartSize.width()}, {QStringLiteral("left"), box.left},
          {QStringLiteral("right"), box.right},  {QStringLiteral("top"), box.top},        {QStringLiteral("bottom"), box.bottom},      {QStringLiteral("lines"), lines}};
}

}  // namespace cachedeck::snapshot
