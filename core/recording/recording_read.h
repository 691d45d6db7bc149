// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/recording/recording_place.h"
#include "core/snapshot/snapshot.h"

#include <stop_token>

namespace cachedeck::recording {

/// One recording as lists show it.
struct RecordingInfo {
  QString file, profile, environment;
  QStringList groups;          ///< "redis", "postgres", …
  qint64 fromMs = 0, toMs = 0; ///< of the rows; both 0: none yet
  qint64 rows = 0;             ///< of all groups together
  qint64 bytes = 0;            ///< on the disk
  bool isBeingWritten = false; ///< by this process or another one
  QString problem;             ///< why the rest is not known; a sentence, or empty
};

inline constexpr std::chrono::hours longestRange{32 * 24};
inline constexpr qint64 mostValues = 128LL * 1024 * 1024;  ///< that are read at once: half a gigabyte

/// The samples between two times at full resolution, both ends included, a group for each source of which anything was measured and a column for each metric that was measured. Where a line
/// breaks (restart, nothing was recorded) stands a row of NaN. Can be called while the file is written. Blocks for the disk; memory is 4 bytes a value, and a range beyond
/// the limits above is refused (Usage). NotFound where there is no such file.
Result<std::vector<snapshot::SeriesGroup>> readRecording(const QString& file, qint64 fromMs, qint64 toMs, std::stop_token stop = {});

/// What is in one file.
Result<RecordingInfo> recordingInfo(const QString& file);
/// All of a folder, the one written last first; empty where there is no folder. A file that cannot be read has a `problem`.
Result<QList<RecordingInfo>> listRecordings(const QString& folder = recordingFolder());

}  // namespace cachedeck::recording
