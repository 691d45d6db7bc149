// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/recorded_metrics.h"
#include "core/runs/series_keeper.h"
#include "core/sources/poller.h"

#include <QObject>

#include <memory>
#include <vector>

namespace cachedeck {

/// Samples the servers of a run beside it, once a second, for its record.
class LoadSeries : public QObject {
 public:
  LoadSeries(const QMap<QString, SourceSettings>& sources, const Clock& clock);
  ~LoadSeries() override;
  QList<runs::ServerSeries> series() const { return m_kept.series(); }

 private:
  void keep(const Sample& sample, std::span<const QLatin1String> kept);
  runs::SeriesKeeper m_kept;
  std::vector<std::unique_ptr<Poller>> m_pollers;
};

}  // namespace cachedeck
