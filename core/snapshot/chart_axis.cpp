// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/chart_axis.h"

#include "core/base/instants.h"
#include "core/metrics/axis_steps.h"
#include "core/metrics/format.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

constexpr int wantedTicks = 4;
constexpr double headroom = 1.06, mostPlain = 1e15;

ValueAxis percentAxis(double low, double high) {
  ValueAxis axis;
  axis.low = percentFloor(low);
  const double top = std::max(100.0, std::isfinite(high) ? high : 0);
  axis.step = std::max(10.0, niceAbove((top - axis.low) / wantedTicks));
  axis.high = std::max(100.0, std::ceil(top / axis.step - 1e-9) * axis.step);
  return axis;
}

QString clockLabel(qint64 ms, qint64 stepMs) {
  const QDateTime time = utc(ms);
  return time.toString(stepMs < 60'000 ? QStringLiteral("HH:mm:ss") : stepMs < 86'400'000 ? QStringLiteral("HH:mm") : QStringLiteral("yyyy-MM-dd"));
}

QString sinceLabel(qint64 ms) { return ms == 0 ? QStringLiteral("0") : QLatin1Char('+') + formatDuration(static_cast<double>(ms) / 1000); }

QString tickText(double value, double high, Unit unit) {
  return std::abs(high) < mostPlain ? formatNumberLike(value, high, unit) : QString::number(value, 'g', 2);
}

}  // namespace

ValueAxis valueAxis(Unit unit, double low, double high) {
  if (unit == Unit::Percent) return percentAxis(low, high);
  if (!std::isfinite(high) || high <= 0) high = unit == Unit::Seconds ? 0.001 : 1;
  const double down = std::isfinite(low) && low < 0 ? -low : 0;  // fragmentation and the like never are; a foreign file's values may be
  ValueAxis axis;
  axis.step = valueStep(unit, high * headroom + down, wantedTicks);
  axis.high = std::max(1.0, std::ceil(high * headroom / axis.step - 1e-9)) * axis.step;
  axis.low = down > 0 ? -std::ceil(down / axis.step - 1e-9) * axis.step : 0;
  return axis;
}

QList<AxisTick> valueTicks(const ValueAxis& axis, Unit unit) {
  QList<AxisTick> ticks;
  const double scale = std::max(axis.high, -axis.low);
  for (int i = 0; i < 12; ++i) {
    const double value = std::ceil(axis.low / axis.step - 1e-9) * axis.step + i * axis.step;
    if (value > axis.high + axis.step * 1e-6) break;
    ticks.append({(value - axis.low) / (axis.high - axis.low), tickText(std::abs(value) < axis.step * 1e-6 ? 0 : value, scale, unit)});
  }
  return ticks;
}

QList<AxisTick> timeTicks(qint64 fromMs, qint64 toMs, bool relative, double width) {
  QList<AxisTick> ticks;
  const double length = static_cast<double>(toMs - fromMs);
  if (length <= 0) return ticks;
  const qint64 step = 1000 * timeStepSeconds(length / 1000, std::clamp(width / 74, 1.0, 9.0));
  const qint64 first = relative ? fromMs : fromMs + (step - fromMs % step) % step;
  for (qint64 at = first; at <= toMs && ticks.size() < 40; at += step) {
    const double place = static_cast<double>(at - fromMs) / length;
    if ((1 - place) * width < 14 && step < 60'000) continue;  // its seconds would hang over the card's edge
    ticks.append({place, relative ? sinceLabel(at - fromMs) : clockLabel(at, step)});
  }
  return ticks;
}

}  // namespace cachedeck::snapshot
