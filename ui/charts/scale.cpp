// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/scale.h"

#include "core/metrics/axis_steps.h"
#include "core/metrics/format.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cachedeck {

namespace {

struct Axis {
  double high, step;
};

Axis axisFor(Unit unit, double value, int wantedTicks) {
  const double step = valueStep(unit, value, wantedTicks);
  return {std::ceil(value / step - 1e-9) * step, step};
}

// Room above the highest value; how much of the axis may stay empty before it shrinks.
constexpr double headroom = 1.06, shrinkRoom = 1.35;

}  // namespace

void ValueScale::fit(double low, double high, int wantedTicks) {
  const double highest = high;
  if (!std::isfinite(high) || high <= 0) high = m_high > 0 ? m_high / shrinkRoom / 1.01 : m_unit == Unit::Seconds ? 0.001 : 1;
  if (m_unit == Unit::Percent) return fitPercent(low, high, wantedTicks);
  if (low < 0) return fitBelowZero(low, std::fmax(0, highest), wantedTicks);
  if (std::exchange(m_low, 0) < 0) m_high = 0;
  const Axis axis = axisFor(m_unit, high * headroom, wantedTicks);
  const bool roomLeft = axisFor(m_unit, high * shrinkRoom, wantedTicks).high < m_high;
  if (axis.high > m_high || roomLeft || wantedTicks != m_wanted) {
    m_high = axis.high;
    m_step = axis.step;
  }
  m_wanted = wantedTicks;
}

// No metric of the catalog goes there; a person's own query may.
void ValueScale::fitBelowZero(double low, double high, int wantedTicks) {
  m_step = axisFor(m_unit, (high - low) * headroom, wantedTicks).step;
  m_low = std::floor(low * headroom / m_step) * m_step;
  m_high = std::ceil(high * headroom / m_step) * m_step;
  m_wanted = wantedTicks;
}

void ValueScale::fitPercent(double low, double high, int wantedTicks) {
  const double floor = percentFloor(low);
  // It widens at once and narrows with a step to spare.
  if (m_high == 0 || floor < m_low || floor > m_low + 10) m_low = floor;
  m_high = std::max(100.0, axisFor(m_unit, high, wantedTicks).high);
  m_step = std::max(10.0, niceAbove((m_high - m_low) / wantedTicks));
  m_wanted = wantedTicks;
}

std::vector<Tick> ValueScale::ticks() const {
  std::vector<Tick> ticks;
  if (m_step <= 0) return ticks;
  const double first = std::ceil(m_low / m_step - 1e-9) * m_step;
  for (double value = first; value <= m_high * (1 + 1e-9) && ticks.size() < 40; value += m_step)
    ticks.push_back({(value - m_low) / (m_high - m_low), formatNumberLike(value, std::max(m_high, -m_low), m_unit)});
  return ticks;
}

namespace {

QString relativeLabel(qint64 seconds) {
  if (seconds == 0) return QCoreApplication::translate("TimeAxis", "now");
  const QString minus(QChar(0x2212));
  if (seconds % 86400 == 0) return minus + QString::number(seconds / 86400) + QLatin1Char('d');
  if (seconds % 3600 == 0) return minus + QString::number(seconds / 3600) + QLatin1Char('h');
  if (seconds % 60 == 0 && seconds < 3600) return minus + QString::number(seconds / 60) + QLatin1Char('m');
  if (seconds % 60 == 0) return minus + QStringLiteral("%1h%2").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
  return minus + QString::number(seconds) + QLatin1Char('s');
}

QString clockLabel(qint64 wallMs, qint64 step) {
  const QDateTime time = QDateTime::fromMSecsSinceEpoch(wallMs);
  return time.toString(step < 60 ? QStringLiteral("HH:mm:ss") : step < 86400 ? QStringLiteral("HH:mm") : QStringLiteral("d MMM"));
}

}  // namespace

std::vector<Tick> timeTicks(const TimeSpan& span, bool following, double width) {
  std::vector<Tick> ticks;
  const double seconds = span.seconds();
  if (seconds <= 0) return ticks;
  const qint64 step = timeStepSeconds(seconds, std::clamp(width / (following ? 50 : 76), 1.0, 9.0));
  if (following) {
    const auto count = static_cast<int>(seconds / static_cast<double>(step));
    // The leftmost label would hang over the value axis.
    for (int i = count; i >= 0; --i)
      if (const double at = 1 - static_cast<double>(i * step) / seconds; at * width > 16 || i == 0) ticks.push_back({at, relativeLabel(i * step)});
    return ticks;
  }
  const qint64 stepMs = step * 1000;
  const qint64 offsetMs = QDateTime::fromMSecsSinceEpoch(span.fromMs).offsetFromUtc() * 1000LL;
  for (qint64 at = ((span.fromMs + offsetMs) / stepMs + 1) * stepMs - offsetMs; at <= span.toMs && ticks.size() < 40; at += stepMs)
    // With seconds a label at the edge would reach beyond the room at the plot's right.
    if (const double place = static_cast<double>(at - span.fromMs) * 1e-3 / seconds; step >= 60 || (1 - place) * width > 10) ticks.push_back({place, clockLabel(at, step)});
  return ticks;
}

}  // namespace cachedeck
