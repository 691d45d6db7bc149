// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/scorecard.h"
#include "core/snapshot/snapshot.h"

namespace cachedeck::snapshot {

/// What the reference's targets are held against: the newest load run that came to its end with a valid result (of a scenario; only where there is none, of a single URL), with the
/// servers' series of its time where it brought none; without such a run what the whole range shows, the service as Prometheus saw it.
struct ScoreSubject {
  runs::RunRecord record;
  QString what;  ///< "load run peak of 2026-11-29 03:12:00 UTC", "figures of the range"
  bool isRun = false;
};
ScoreSubject scoreSubject(const Snapshot& snapshot);

/// The scorecard of a snapshot; `before`: another one, shown beside it.
runs::Scorecard scorecardOf(const Snapshot& snapshot, const Snapshot* before = nullptr);

}  // namespace cachedeck::snapshot
