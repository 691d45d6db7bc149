// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/sparkline.h"

#include "ui/charts/plotpainter.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <cmath>

namespace cachedeck {

namespace {
constexpr int quiet = 8;
}  // namespace

void paintSparkline(QPainter& painter, const QRectF& area, const Sparkline& line) {
  PlotData data;
  data.span = line.span;
  data.stale = line.stale;
  data.following = line.following;
  // Means: in so little room the extremes of noisy figures would fill a band.
  std::vector<Bucket> means = line.buckets;
  double low = NAN, high = NAN;
  for (Bucket& bucket : means) {
    bucket.min = bucket.max = bucket.mean;
    low = std::fmin(low, bucket.mean);
    high = std::fmax(high, bucket.mean);
  }
  if (std::isnan(low)) return;
  const double room = std::max((high - low) * 0.08, std::max(std::abs(high), 1e-9) * 0.02);
  data.low = low - room;
  data.high = high + room;
  data.series.push_back({{}, {}, high > low ? line.colour : quiet, SeriesStyle::Area, std::move(means), {}});
  paintPlot(painter, area, data, Theme::instance().palette());
}

}  // namespace cachedeck
