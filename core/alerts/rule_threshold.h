// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace cachedeck {

/// The part of an alert's expression that compares a measurement with a number: "100 * used / max > 85".
struct RuleThreshold {
  enum class Way { Above, Below, Equal };
  QString measured;  ///< PromQL of what is compared; what "unless" takes away from the alert is taken away here too, as the comparison may hold there all the time
  Way way = Way::Above;
  double bound = 0;
  QString text;  ///< "> 85"
  /// How much of the way to the threshold a value has gone: 1 at it, more beyond. NaN for NaN and where that says nothing.
  double reach(double value) const;
};

/// Of the first operand of "and" and "unless"; nothing where that is no comparison with a number, or "or" joins it with another.
std::optional<RuleThreshold> thresholdOf(const QString& expression);

}  // namespace cachedeck
