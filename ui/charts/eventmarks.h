// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/action_events.h"
#include "ui/charts/plotdata.h"

#include <QRectF>

class QFontMetricsF;
class QPointF;

namespace cachedeck {

/// "14:03:22": as marks and alerts say when.
QString clockTime(qint64 ms);

/// Puts the actions of the data's span among its marks, and those that lasted for more than a few pixels of `widthPixels` among its runs.
void markActions(PlotData& data, const QList<ActionEvent>& events, double widthPixels);

/// The label of a mark where it stands on the plot.
struct MarkChip {
  QRectF rect;
  QString text;  ///< elided
  const PlotData::Mark* mark;
};
/// The chips of the marks that have room for one: of marks that lie close together the newest; the others keep their lines.
std::vector<MarkChip> markChips(const PlotData& data, const QRectF& area, const QFontMetricsF& metrics);

/// What the marks and alerts at a point of the plot say (line, chip, stretch or strip), plain, a paragraph each; empty where there is none.
QStringList marksAt(const PlotData& data, const QRectF& area, const QFontMetricsF& metrics, const QPointF& point);
/// As the rich text of a tooltip, everything escaped.
QString markToolTip(const QStringList& marks);

}  // namespace cachedeck
