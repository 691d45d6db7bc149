// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/live_series.h"

namespace cachedeck::snapshot {

/// What Prometheus knows of the time before: the same groups as of live samples, 15 s a row or wider. Blocks. Nothing without a Prometheus among the sources.
LiveSeries pastSeries(const QMap<QString, SourceSettings>& sources, qint64 fromMs, qint64 toMs, const std::stop_token& stop);

/// A recording of the servers, which may not be there.
struct RecordedPast {
  QString file;          ///< empty: none
  bool isNamed = false;  ///< by the person, who is told when it has nothing of the range
};

/// What was recorded of a range, at full resolution. Blocks for the disk.
LiveSeries recordedSeries(const RecordedPast& recorded, qint64 fromMs, qint64 toMs, const std::stop_token& stop);

}  // namespace cachedeck::snapshot
