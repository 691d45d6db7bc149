// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/snapshot/snapshot.h"
#include "core/sources/source.h"

#include <QMap>

#include <atomic>
#include <stop_token>

namespace cachedeck::snapshot {

/// How far taking a snapshot has come: read by a timer from any thread.
struct TakeProgress {
  enum class Step { Sampling, Past, Facts, Records, Done };
  std::atomic<Step> step = Step::Sampling;
  std::atomic<qint64> sampledMs = 0;
};

struct LiveSeries {
  std::vector<SeriesGroup> series;  ///< one a source that was measured
  QStringList missing;
};

/// Samples all sources for a time, as `watch` does. Blocks, with an event loop of its own: for a thread that has none, such as a Worker's. Ends early when `stop` is
/// requested, and when every source has failed without having been measured.
LiveSeries takeFor(const QMap<QString, SourceSettings>& sources, std::chrono::milliseconds duration, const Clock& clock, const std::stop_token& stop, TakeProgress* progress = nullptr);

}  // namespace cachedeck::snapshot
