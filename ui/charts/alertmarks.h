// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotdata.h"

#include <QRectF>

class QPainter;

namespace cachedeck {

struct Palette;

/// A time in which an alert was firing, as charts show it.
struct ChartAlert {
  qint64 fromMs = 0, toMs = 0;  ///< toMs 0: it goes on
  QString label;    ///< "HighRedisMemory", plain
  QString detail;   ///< labels that tell one from another, plain, may be empty
  QString query;    ///< its rule's expression: says which panels it is about
  Level level = Level::Warning;

  bool operator==(const ChartAlert&) const = default;
};

/// Whether a rule with this expression is about what the panel shows.
bool isAbout(const PanelInfo& panel, const QString& query);

/// Puts those that touch the data's span among its alerts.
void markAlerts(PlotData& data, const QList<ChartAlert>& alerts, const PanelInfo& panel);

/// A strip along the upper edge on every panel, the worst on top; on panels that an alert is about it is thicker, and there are a tint and its name.
void paintAlerts(QPainter& painter, const QRectF& area, const PlotData& data, const Palette& palette);

/// What the alerts at a point of the plot say, plain, a paragraph each: near the strip of every panel, anywhere on those that they are about.
QStringList alertsAt(const PlotData& data, const QRectF& area, const QPointF& point);

}  // namespace cachedeck
