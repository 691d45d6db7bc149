// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/figures_of.h"

#include "core/metrics/format.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {
constexpr qint64 windowMs = 5 * 60 * 1000;
}

TimeSpan recentPart(const TimeSpan& span) { return {std::max(span.fromMs, span.toMs - windowMs), span.toMs}; }

double hitRatio(const History& history, const TimeSpan& span) {
  const Summary hits = history.summary(QLatin1String("redis.hits"), span.fromMs, span.toMs);
  const Summary misses = history.summary(QLatin1String("redis.misses"), span.fromMs, span.toMs);
  if (hits.count == 0 || misses.count == 0) return NAN;
  const double all = hits.mean + misses.mean;
  return all > 0 ? 100 * hits.mean / all : NAN;
}

QString spanLength(const TimeSpan& span) {
  const double seconds = span.seconds();
  const double grain = seconds >= 3500 ? 300 : seconds >= 110 ? 60 : seconds >= 18 ? 5 : 1;  // "15 min", not "14 min 59 s"
  return formatDuration(std::round(seconds / grain) * grain);
}

}  // namespace cachedeck
