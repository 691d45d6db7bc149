// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/axis_steps.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

constexpr qint64 week = 604'800;
constexpr qint64 timeSteps[] = {1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 10'800, 21'600, 43'200, 86'400, 172'800, week};

/// What one of the shown prefix is worth: bytes go in powers of 1024, as far as there are prefixes.
double prefixWorth(Unit unit, double value) {
  if (unit != Unit::Bytes && unit != Unit::BytesPerSecond) return 1;
  return std::pow(1024, std::clamp(std::floor(std::log2(std::max(1.0, value)) / 10), 0.0, 4.0));
}

}  // namespace

double niceAbove(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= value * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

double valueStep(Unit unit, double range, int wantedTicks) {
  const double worth = prefixWorth(unit, range), step = niceAbove(range / worth / wantedTicks) * worth;
  return unit == Unit::Count ? std::max(1.0, step) : step;
}

double percentFloor(double low) { return std::isfinite(low) ? std::clamp(std::floor((low - 2) / 10) * 10, 0.0, 90.0) : 0; }

qint64 timeStepSeconds(double seconds, double wantedTicks) {
  for (const qint64 step : timeSteps)
    if (seconds / static_cast<double>(step) <= wantedTicks) return step;
  return static_cast<qint64>(std::ceil(seconds / wantedTicks / week)) * week;
}

}  // namespace cachedeck
