// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotdata.h"
#include "ui/theme/theme.h"

#include <QRectF>

class QPainter;

namespace cachedeck {

/// Draws everything inside a plot area (bands, runs, alerts, series, thresholds, marks, end dots) on any device: the window, an
/// image, a PDF, an SVG.
void paintPlot(QPainter& painter, const QRectF& area, const PlotData& data, const Palette& palette);

/// Of thresholds and alerts.
QColor lineColour(const Palette& palette, Level level);

/// The colour of a series, grey-blended when its source is stale.
QColor seriesColour(const Palette& palette, int number, bool stale);

/// Maps time and value to the points of a plot area.
class PlotMap {
 public:
  PlotMap(const QRectF& area, const PlotData& data)
      : m_area(area), m_from(data.span.fromMs), m_perMs(area.width() / std::max(1.0, data.span.seconds() * 1e3)),
        m_low(data.low), m_perValue(area.height() / std::max(1e-300, data.high - data.low)) {}
  double x(qint64 wallMs) const { return m_area.left() + static_cast<double>(wallMs - m_from) * m_perMs; }
  double x(const Bucket& bucket) const { return x(bucket.fromMs + (bucket.toMs - bucket.fromMs) / 2); }
  double y(double value) const { return m_area.bottom() - (value - m_low) * m_perValue; }
  const QRectF& area() const { return m_area; }

 private:
  QRectF m_area;
  qint64 m_from;
  double m_perMs, m_low, m_perValue;
};

/// Series only; plotseries.cpp.
void paintSeries(QPainter& painter, const PlotMap& map, const PlotData& data, const Palette& palette);

}  // namespace cachedeck
