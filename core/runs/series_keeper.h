// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_record.h"

#include <vector>

namespace cachedeck::runs {

/// What servers say while a run goes on, for its record: at most `mostPoints` a metric, spread evenly over the run however long it is. Of a day at one sample a second every sixteenth
/// stays.
class SeriesKeeper {
 public:
  static constexpr qsizetype mostPoints = 7200;

  /// Of each metric in the order of time.
  void add(QLatin1String metric, Unit unit, qint64 ms, double value);
  const QList<ServerSeries>& series() const { return m_series; }

 private:
  struct Pace {
    qint64 seen = 0, stride = 1;  ///< every so manieth sample is kept
  };
  qsizetype indexOf(QLatin1String metric, Unit unit);

  QList<ServerSeries> m_series;
  std::vector<Pace> m_paces;  ///< of each of them
};

}  // namespace cachedeck::runs
