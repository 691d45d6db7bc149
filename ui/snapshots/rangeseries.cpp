// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/rangeseries.h"

#include "core/recording/recording_read.h"
#include "core/snapshot/merged_series.h"

#include <QFile>

namespace cachedeck {

RangeSeries rangeSeries(std::vector<SeriesGroup> remembered, const QString& recording, qint64 fromMs, qint64 toMs, std::stop_token stop) {
  if (recording.isEmpty() || !QFile::exists(recording)) return {std::move(remembered), {}};
  Result<std::vector<SeriesGroup>> recorded = recording::readRecording(recording, fromMs, toMs, stop);
  if (!recorded) return {std::move(remembered), recorded.error().message};
  return {snapshot::mergedSeries(std::move(remembered), std::move(*recorded)), {}};
}

}  // namespace cachedeck
