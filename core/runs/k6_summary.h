// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/runs/k6_metrics.h"

#include <QByteArray>

namespace cachedeck::runs {

/// What `k6 run --summary-export` leaves at the end.
struct K6Summary {
  K6Metrics metrics;
  std::vector<load::CheckFigures> checks;
  std::vector<load::ThresholdVerdict> thresholds;
};

inline constexpr qint64 largestK6Summary = 32 << 20;

/// Errors (Protocol) say that it is no such summary.
Result<K6Summary> parseK6Summary(const QByteArray& json);
/// The final figures in place of the feed's last ones.
void takeSummary(const K6Summary& summary, load::RunFigures& figures);

}  // namespace cachedeck::runs
