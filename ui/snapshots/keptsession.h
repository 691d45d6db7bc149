// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/history.h"
#include "core/snapshot/snapshot.h"
#include "ui/snapshots/snapshotmodel.h"

#include <memory>

namespace cachedeck {

/// A snapshot that was read, and what charts need of it: both made off the window's thread.
struct KeptSession {
  std::shared_ptr<const snapshot::Snapshot> snapshot;
  std::shared_ptr<History::Past> past;
  QString file;
  SnapshotEntry entry{};  ///< as the list has it, or would have
};

}  // namespace cachedeck
