// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/action_events.h"
#include "core/snapshot/chart_data.h"

namespace cachedeck::snapshot {

/// The actions of the snapshot's journal, oldest first; load runs that have a record are not among them.
QList<ActionEvent> actionsOf(const Snapshot& snapshot);
/// Actions and load runs as every chart marks them.
QList<ChartData::Mark> chartMarks(const Snapshot& snapshot);

}  // namespace cachedeck::snapshot
