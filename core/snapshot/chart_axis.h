// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QList>
#include <QString>

namespace cachedeck::snapshot {

/// A label on an axis; `at` goes from 0 (left, bottom) to 1 (right, top).
struct AxisTick {
  double at = 0;
  QString label;
};

/// The value axis: from zero for amounts, steps of 1, 2 or 5 (times 1024 for bytes).
struct ValueAxis {
  double low = 0, high = 1, step = 0.5;
};
/// Fits values from `low` to `high`; NaN: nothing was measured. Percentages may begin above zero.
ValueAxis valueAxis(Unit unit, double low, double high);
QList<AxisTick> valueTicks(const ValueAxis& axis, Unit unit);

/// Clock times in UTC, or with `relative` the time since the beginning; as many as `width` pixels have room for.
QList<AxisTick> timeTicks(qint64 fromMs, qint64 toMs, bool relative, double width);

}  // namespace cachedeck::snapshot
