// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/recorded_metrics.h"
#include "core/runs/run_record.h"
#include "core/sources/poller.h"

#include <QObject>

#include <memory>
#include <vector>

namespace cachedeck {

/// Samples the servers of a run beside it, once a second, for its record. A run of a day keeps every eighth sample or so: at most 7,200 points a metric.
class LoadSeries : public QObject {
 public:
  LoadSeries(const QMap<QString, SourceSettings>& sources, const Clock& clock);
  ~LoadSeries() override;
  QList<runs::ServerSeries> series() const { return m_series; }

 private:
  void keep(const Sample& sample, std::span<const QLatin1String> kept);
  QList<runs::ServerSeries> m_series;
  qsizetype m_stride = 1;
  std::vector<std::unique_ptr<Poller>> m_pollers;
};

}  // namespace cachedeck
