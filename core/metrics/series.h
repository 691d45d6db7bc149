// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace cachedeck {

/// The samples of one source: columns that share their times, as History keeps them.
struct SeriesGroup {
  struct Column {
    QByteArray metric;          ///< id in the metric catalog: "redis.hit_ratio"
    std::vector<float> values;  ///< one a time, in the metric's unit; NaN: not measured
  };
  QByteArray name;              ///< of History's group: "redis"
  std::vector<qint64> timesMs;  ///< wall clock, milliseconds since the Unix epoch, ascending
  std::vector<Column> columns;
};

}  // namespace cachedeck
