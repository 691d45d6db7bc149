// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/compare.h"
#include "core/runs/run_summary.h"

#include <memory>

namespace cachedeck {

/// Shared, since histograms are large.
using RecordShot = std::shared_ptr<const runs::RunRecord>;

/// Two or more runs side by side, the first being what the others are held against.
struct ComparedRuns {
  runs::Comparison comparison;
  QList<RecordShot> records;
};

/// Load runs as a snapshot holds them: to be looked at, and nothing else.
struct KeptRuns {
  QList<RecordShot> records;
  qint64 takenMs = 0;  ///< when the snapshot was taken

  /// nullptr: there is none of this id.
  RecordShot find(const QString& id) const;
};

/// How a run stood when the snapshot was taken: whether its process lives now says nothing of that time.
runs::RunState keptState(const runs::RunRecord& run, qint64 takenMs);
/// With the percentiles in place of the histogram, for which the snapshot had no room; k6 never leaves one.
bool isWithoutHistogram(const runs::RunRecord& run);

// Both take their time with large runs: not on the window's thread.
QList<runs::RunSummary> keptSummaries(const KeptRuns& runs);
ComparedRuns compareKept(const QList<RecordShot>& records);

}  // namespace cachedeck
