// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/compare.h"

namespace cachedeck {

/// What `snapshot compare` holds against each other.
struct ComparedSides {
  snapshot::Snapshot before, after;
  snapshot::SnapshotComparison comparison;
};

/// Two files.
Result<ComparedSides> sidesOfFiles(const QString& before, const QString& after);
/// Two ranges of one file, a snapshot or a recording, as people write them; an empty first one is the same length just before the second. Usage for what is no range.
Result<ComparedSides> sidesOfRanges(const QString& file, const QString& first, const QString& second);

}  // namespace cachedeck
