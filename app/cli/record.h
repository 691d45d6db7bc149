// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/recording/recording_place.h"

#include <chrono>

namespace cachedeck {

struct RecordOptions {
  bool json = false;
  std::chrono::milliseconds length{0};  ///< 0: until stopped
};

/// Polls the sources and keeps their samples on disk until the time is over or SIGINT, SIGTERM comes. Prints a line at the start, each minute, when something changes,
/// and at the end. Returns the exit code: 0 every source was recorded, 1 some, or the recording has an error, or standard output could not be written, 2 it cannot be made like that, 3 nothing was recorded.
int recordSources(const QMap<QString, SourceSettings>& settings, const recording::RecordingPlace& place, const RecordOptions& options);

}  // namespace cachedeck
