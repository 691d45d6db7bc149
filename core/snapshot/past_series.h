// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/live_series.h"

namespace cachedeck::snapshot {

/// What Prometheus knows of the time before: the same groups as of live samples, 15 s a row or wider. Blocks. Without a Prometheus among the sources there is a sentence that says so.
LiveSeries pastSeries(const QMap<QString, SourceSettings>& sources, qint64 fromMs, qint64 toMs, const std::stop_token& stop);

/// Past in front of the live samples of the same groups.
std::vector<SeriesGroup> joined(const std::vector<SeriesGroup>& past, std::vector<SeriesGroup> live, qint64 fromMs, qint64 toMs);

}  // namespace cachedeck::snapshot
