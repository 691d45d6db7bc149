// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/take.h"
#include "ui/snapshots/snapshottarget.h"

namespace cachedeck {

/// What is written into a snapshot of this target besides its figures.
snapshot::TakeOrder orderOf(const SnapshotTarget& target, const QString& title, const QString& note);

/// A snapshot of the present: what the servers say when they are asked now, and of each source's figures the finer of what the window remembers (`remembered`) and the recording, whose file may not be
/// there. Blocks for servers and disk; Cancelled when `stop` is requested.
Result<snapshot::Snapshot> madeNow(const snapshot::TakeOrder& order, const SnapshotRequest& request, const QString& recording, std::vector<SeriesGroup> remembered, qint64 takenMs, const std::stop_token& stop);

}  // namespace cachedeck
