// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"

namespace cachedeck::snapshot {

/// What this computer keeps of a stretch of time.
struct RangeRecords {
  QList<JournalEntry> journal;
  QList<runs::RunRecord> runs;  ///< oldest first
  QStringList missing;
};

/// Journal entries from `fromMs` to `toMs` that concern the profile or one of its servers, and load runs that touch the range: of the profile, or of none. As many
/// runs as one file has room for: those that failed or measured nothing go first, then the oldest, and `missing` says so; one whose histograms would make the file large keeps
/// their percentiles instead. Blocks for the disk.
RangeRecords rangeRecords(const QString& journalFile, const QString& runFolder, const QString& profile, const QList<ServerFacts>& servers, qint64 fromMs, qint64 toMs);

}  // namespace cachedeck::snapshot
