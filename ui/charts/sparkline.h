// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelinfo.h"

class QPainter;
class QRectF;

namespace cachedeck {

/// How a figure went, small, beside its value.
struct Sparkline {
  std::vector<Bucket> buckets;  ///< oldest first; their means are drawn
  TimeSpan span;
  int colour = 1;               ///< of the series, 1–8; what never changes is drawn in a quiet one
  bool stale = false;           ///< without colour
  bool following = false;       ///< a dot stands on the newest value
};

/// It shows shape, not amount: it fills its height, and a constant runs through the middle. Nothing is drawn where nothing is known.
void paintSparkline(QPainter& painter, const QRectF& area, const Sparkline& line);

}  // namespace cachedeck
