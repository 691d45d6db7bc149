// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/action_events.h"
#include "core/snapshot/chart_data.h"

namespace cachedeck::snapshot {

/// The actions of the snapshot's journal, oldest first; load runs that have a record are not among them.
QList<ActionEvent> actionsOf(const Snapshot& snapshot);
/// Actions and load runs that touch the range, each once, oldest first: a run by its record where there is one, since runs that were made by a URL may stand in no journal.
QList<ActionEvent> markedEvents(const Snapshot& snapshot);
/// The same as exported charts mark them; several have the numbers of marksTable().
QList<ChartData::Mark> chartMarks(const Snapshot& snapshot);

}  // namespace cachedeck::snapshot
