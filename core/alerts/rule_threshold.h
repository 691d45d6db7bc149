// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace cachedeck {

/// The part of an alert's expression that compares a measurement with a number: "100 * used / max > 85".
struct RuleThreshold {
  enum class Way { Above, Below, Equal };
  QString measured;  ///< PromQL of what is compared
  Way way = Way::Above;
  double bound = 0;
  QString text;  ///< "> 85"
  /// How much of the way to the threshold a value has gone: 1 at it, more beyond. NaN for NaN and where that says nothing.
  double reach(double value) const;
};

/// Of the first operand of "and"; nothing where no top-level comparison with a number stands there.
std::optional<RuleThreshold> thresholdOf(const QString& expression);

}  // namespace cachedeck
