// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/plan.h"
#include "core/keys/transform.h"

#include <optional>

namespace cachedeck {

/// What an action would make of a plan's TTLs. Estimated from the classes: within one, times are taken as spread evenly over its logarithm.
struct TtlForecast {
  keys::TtlHistogram after;
  qint64 changes = 0;  ///< keys whose TTL changes, or that go
};
TtlForecast ttlForecast(const keys::TtlHistogram& before, const keys::Action& action);

/// What the database has to do when all these keys are asked for again: keys × mean query time; over a window also the rate and how many connections that keeps busy (Little's law:
/// rate × time). Plain text; empty where the action takes no keys away.
QString refillForecast(qint64 keys, const keys::Action& action, std::optional<double> meanQueryMs);

/// What an undo would need and give back. `tooLarge`: the images exceed the cap.
struct UndoForecast {
  QString text;
  bool tooLarge = false;
};
UndoForecast undoForecast(const keys::Plan& plan, const keys::Action& action, bool undo, qint64 cap);

}  // namespace cachedeck
