// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/rangeseries.h"

#include "core/recording/recording_read.h"

#include <QFile>

#include <algorithm>

namespace cachedeck {

namespace {

std::vector<SeriesGroup> finer(std::vector<SeriesGroup> remembered, std::vector<SeriesGroup> recorded) {
  for (SeriesGroup& group : recorded) {
    const auto same = std::find_if(remembered.begin(), remembered.end(), [&](const SeriesGroup& one) { return one.name == group.name; });
    if (same == remembered.end()) remembered.push_back(std::move(group));
    else if (group.timesMs.size() > same->timesMs.size()) *same = std::move(group);
  }
  return remembered;
}

}  // namespace

RangeSeries rangeSeries(std::vector<SeriesGroup> remembered, const QString& recording, qint64 fromMs, qint64 toMs, std::stop_token stop) {
  if (recording.isEmpty() || !QFile::exists(recording)) return {std::move(remembered), {}};
  Result<std::vector<SeriesGroup>> recorded = recording::readRecording(recording, fromMs, toMs, stop);
  if (!recorded) return {std::move(remembered), recorded.error().message};
  return {finer(std::move(remembered), std::move(*recorded)), {}};
}

}  // namespace cachedeck
