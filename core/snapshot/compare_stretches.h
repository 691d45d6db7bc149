// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/compare.h"
#include "core/snapshot/stretch.h"

namespace cachedeck::snapshot {

/// What a session measured in a part of its time, as a side of a comparison: series, actions, and the load runs that lie in it as a whole. What servers said of themselves is left out: it is
/// of one moment, and that may lie elsewhere. `missing` names runs that reach beyond. Loops over all samples: not on the window's thread.
Snapshot cut(const Snapshot& session, const Stretch& stretch, const QString& title);

/// Two such parts. The notes say what cannot be compared, and what was measured in a part of a range only. NotFound where nothing was measured in one of them.
Result<SnapshotComparison> compareStretches(const Snapshot& before, const Snapshot& after);

}  // namespace cachedeck::snapshot
