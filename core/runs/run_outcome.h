// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_summary.h"

namespace cachedeck::runs {

/// What came of a run. Page, commands and reports call it by the same words.
enum class RunOutcome {
  UnderWay,
  Passed,       ///< came to its end, and no threshold was crossed
  Failed,       ///< a threshold was crossed
  Stopped,      ///< ended by hand before its time: neither passed nor failed
  Invalid,      ///< the generator was the bottleneck
  Interrupted,  ///< broke off: its process is gone, or what made the load failed in the middle
  DidNotRun,    ///< nothing could be measured: nothing was sent, or no request succeeded before it failed
  NotJudged,    ///< came to its end, and has no thresholds
};

RunOutcome outcomeOf(const RunSummary& run);
/// Of a record that was read: one that is partial counts as interrupted.
RunOutcome outcomeOf(const RunRecord& run);

/// Of the command that made it: 0, 1 (broke off or was stopped), 3 (nothing can be said of the service: it did not run, or is not valid), 99 (a threshold was crossed, as of k6).
int exitCodeOf(const RunRecord& run);
/// Whether others can be held against it: a whole and valid run.
bool canBeBaseline(RunOutcome outcome);

/// "passed", "failed", "stopped" … (translatable, context "Runs")
const char* outcomeWord(RunOutcome outcome);
/// The word, and how many thresholds it rests on: "failed, 1 of 2 thresholds crossed", "stopped, no threshold crossed so far".
QString outcomeText(const RunSummary& run);
QString outcomeText(const RunRecord& run);
/// What keeps a run from being judged fairly, as a sentence that begins with `which`: "Run 2026… is not valid: …". Empty: nothing.
QString caveatOf(const RunRecord& run, const QString& which);

}  // namespace cachedeck::runs
