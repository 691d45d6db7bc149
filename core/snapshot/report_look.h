// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <cmath>

namespace cachedeck::snapshot {

/// Colours as SVG and CSS take them ("#131822", "var(--card)"). Where they come from is a matter of the user interface's theme.
struct ChartColours {
  QString window, card, raised, border, grid, axis, text1, text2, text3, accent, good, warning, critical, stale;
  QStringList series;  ///< eight
  QString ofSeries(int colour) const { return series.value(qBound(1, colour, 8) - 1, text1); }
  QString ofLevel(Level level) const { return level == Level::Critical ? critical : level == Level::Warning ? warning : good; }
};

/// A panel of the Overview, as its catalog has it.
struct ChartPanel {
  enum class Style { Line, Area, Stacked, Bars, Dashed };
  struct Line {
    QByteArray metric;
    QString label;
    int colour = 1;  ///< 1–8
    Style style = Style::Line;
    bool onlyWhenSeen = false;  ///< left out while it is nothing but zero
  };
  struct Threshold {
    Level level = Level::Warning;
    QString label;        ///< %1 is the value with its unit
    double value = NAN;
    QByteArray metric;    ///< when `value` is NaN: its newest value times the factor
    double factor = 1;
  };
  QString id, title, subtitle;
  Unit unit = Unit::None;
  QList<Line> lines;
  QList<Threshold> thresholds;
  double reach = 2.5;     ///< a threshold higher than this times the highest value is left out
  QByteArray onlyWith;    ///< the panel is there only with this metric; empty: always
};

/// What reports need of the user interface: its panels and its colours.
struct ReportLook {
  QList<ChartPanel> panels;
  ChartColours dark, light;
};

}  // namespace cachedeck::snapshot
