// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"
#include "core/runs/run_record.h"

#include <optional>

namespace cachedeck::runs {

// What a load run writes into the journal, by which charts mark it. Page and commands write the same, or the marks of one would differ from those of the other.

/// `redis`: endpoint of its Redis ("10.0.0.5:6379"), by which other consoles find the run; may be empty.
JournalEntry loadBegin(const RunRecord& record, const QString& redis);
/// Of a run that has ended: "done" where it came to its end, whatever its thresholds say; "cancelled" by hand; "failed" where it broke off or a threshold ended it.
JournalEntry loadEnd(const JournalEntry& begin, const RunRecord& record);
/// Of one that never started.
JournalEntry loadNotStarted(const JournalEntry& begin, const QString& problem);

/// The run is over, so that nothing can be refused any more: when the line cannot be written the log says so, and the begin stays without an end.
std::optional<JournalEntry> writeEnd(Journal& journal, const JournalEntry& end);

}  // namespace cachedeck::runs
