// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"
#include "core/metrics/sample_weights.h"
#include "core/snapshot/snapshot.h"

#include <QList>

#include <limits>

namespace cachedeck::snapshot {

/// A metric of the catalog over the range of a snapshot, in its unit; NaN where nothing was measured.
struct Figure {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const MetricInfo* metric = nullptr;
  double min = none, mean = none, p95 = none, max = none, last = none;  ///< mean and p95 are over time, whatever the steps of the samples were
  qint64 samples = 0;
  bool judged = false;         ///< the metric has thresholds, and there are samples
  Level level = Level::Good;   ///< of the mean
  Level worst = Level::Good;   ///< of the highest or lowest, whichever is bad
  bool measured() const { return samples > 0; }
};

/// A figure of every metric of the catalog that the snapshot holds, in the catalog's order; unmeasured ones are among them.
QList<Figure> figuresOf(const Snapshot& snapshot);
Figure figureOf(const Snapshot& snapshot, const MetricInfo& metric);

/// "good", "warning", "critical", with "worst critical" behind it where the worst moment was worse than the mean; "–" where nothing is judged.
QString bandText(const Figure& figure);

}  // namespace cachedeck::snapshot
