// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QString>

namespace cachedeck {

/// A number and its unit apart, since tiles draw them in different sizes.
struct Quantity {
  QString number;  ///< three significant digits, "–" for NaN
  QString unit;    ///< "MiB", "k/s", "ms", "%", or empty
  QString text() const { return unit.isEmpty() ? number : number + QLatin1Char(' ') + unit; }
};

/// The one formatter: three significant digits in C locale, binary prefixes for bytes, SI for the rest.
Quantity formatQuantity(double value, Unit unit);
inline QString formatValue(double value, Unit unit) { return formatQuantity(value, unit).text(); }
/// A value in the scale of `reference` ("6.88" beside "8.00 GiB"), so that axis labels share one unit.
QString formatNumberLike(double value, double reference, Unit unit);
/// The prefix and unit that formatQuantity would choose for `reference`.
QString unitLike(double reference, Unit unit);
/// "48.2 k", for narrow places.
QString shortCount(qint64 count);
/// "6.88 MiB"; an en dash for less than zero, which stands for "not known".
QString bytesText(qint64 bytes);
/// "48 s", "3 min", "2 h 5 min": a length of time for sentences.
QString formatDuration(double seconds);

}  // namespace cachedeck
