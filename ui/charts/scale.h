// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelinfo.h"

#include <vector>

namespace cachedeck {

/// A label on an axis; `at` goes from 0 (left, bottom) to 1 (right, top).
struct Tick {
  double at;
  QString label;
  bool operator==(const Tick& other) const { return at == other.at && label == other.label; }
};

/// The vertical axis: starts at zero for amounts, steps of 1, 2 or 5 (times 1024 for bytes), grows at once and shrinks
/// only when much room is left, so that it does not jump with every sample.
class ValueScale {
 public:
  explicit ValueScale(Unit unit) : m_unit(unit) {}
  /// Fits values up to `high`; percentages may start above zero at `low` (a multiple of 10 below it is used).
  void fit(double low, double high, int wantedTicks);
  double low() const { return m_low; }
  double high() const { return m_high; }
  double step() const { return m_step; }
  std::vector<Tick> ticks() const;
  void reset() { m_high = m_low = m_step = 0; }

 private:
  void fitBelowZero(double low, double high, int wantedTicks);
  void fitPercent(double low, double high, int wantedTicks);
  Unit m_unit;
  double m_low = 0, m_high = 0, m_step = 0;
  int m_wanted = 0;
};

/// Labels of the time axis: "−12m … now" while it follows, clock times otherwise; as many as have room.
std::vector<Tick> timeTicks(const TimeSpan& span, bool following, double width);

}  // namespace cachedeck
