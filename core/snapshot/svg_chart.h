// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/chart_data.h"

#include <QSizeF>

namespace cachedeck::snapshot {

/// How a chart is drawn.
struct ChartStyle {
  ChartColours colours;
  QString font = QStringLiteral("Inter, system-ui, sans-serif");  ///< Qt's renderer takes one name only
  bool flat = false;     ///< areas of one tint: gradients with alpha do not survive Qt's PDF
  bool inlined = false;  ///< stands in HTML: no name space, no size of its own
};

inline constexpr QSizeF chartSize{560, 300};
struct PlotBox {
  double left, top, right, bottom;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};
/// How wide the plot of a chart of this size is.
double plotWidth(QSizeF size);
/// Where it lies, below its legend and the labels of its marks.
PlotBox plotBox(const ChartData& data, QSizeF size);

/// One panel as an SVG document.
QString svgChart(const ChartData& data, const ChartStyle& style, QSizeF size = chartSize);
/// The same as elements, for a sheet of several.
QString svgChartElements(const ChartData& data, const ChartStyle& style, QSizeF size = chartSize);
/// An SVG document around elements.
QString svgDocument(const QString& elements, const QString& title, const ChartStyle& style, QSizeF size);

}  // namespace cachedeck::snapshot
