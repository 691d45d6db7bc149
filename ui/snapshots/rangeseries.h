// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/series.h"

#include <QString>

#include <stop_token>
#include <vector>

namespace cachedeck {

/// The series of a range, and why a recording could not be read (else empty).
struct RangeSeries {
  std::vector<SeriesGroup> series;
  QString unread;
};

/// What the window remembers and what was recorded in the file, which may not be there: of each stretch of time the finer of both. Blocks for the disk.
RangeSeries rangeSeries(std::vector<SeriesGroup> remembered, const QString& recording, qint64 fromMs, qint64 toMs, std::stop_token stop);

}  // namespace cachedeck
