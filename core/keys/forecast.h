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
  qint64 atOnce = 0;   ///< of those, keys that a new TTL ends within ten seconds: to be thought of as a deletion, and no undo brings them back
};
TtlForecast ttlForecast(const keys::TtlHistogram& before, const keys::Action& action);
/// The TTL at a share (0–1) of a class, from its lower end to its upper one.
qint64 ttlInClass(qsizetype number, double share);

/// What the database has to do when the keys that end are asked for again: at the fastest keys/s × mean query time (Little's law: rate × time connections are busy).
struct RefillForecast {
  QString text;               ///< plain; says so where nothing has to be read again
  double peakPerSecond = 0;   ///< keys that end in the busiest second, those that would by themselves among them; of a deletion without a bound 0
  qint64 peakAfterMs = 0;     ///< from now
  bool cliff = false;         ///< many end together, and more than without the action
};
/// `keysPerSecond`: bound of the run, 0 without. Estimated from the plan's TTL classes.
RefillForecast refillForecast(const keys::TtlHistogram& before, qint64 keys, const keys::Action& action, double keysPerSecond, std::optional<double> meanQueryMs);

/// What an undo would need and give back. `tooLarge`: the images exceed the cap.
struct UndoForecast {
  QString text;
  bool tooLarge = false;
};
UndoForecast undoText(const keys::Plan& plan, const keys::Action& action, bool undo, qint64 cap);

}  // namespace cachedeck
