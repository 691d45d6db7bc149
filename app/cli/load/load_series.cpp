// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_series.h"

#include "core/metrics/metric.h"

#include <algorithm>

namespace cachedeck {

LoadSeries::LoadSeries(const QMap<QString, SourceSettings>& sources, const Clock& clock) {
  for (const runs::RecordedMetrics& row : runs::recordedMetrics()) {
    const SourceInfo* const info = findSource(row.source);
    if (!info || !sources.contains(row.source)) continue;
    Poller& poller = *m_pollers.emplace_back(std::make_unique<Poller>(*info, sources[row.source], clock));
    connect(&poller, &Poller::sampled, this, [this, kept = row.metrics](const Sample& sample) { keep(sample, kept); });
    poller.start();
  }
}

LoadSeries::~LoadSeries() = default;

void LoadSeries::keep(const Sample& sample, std::span<const QLatin1String> kept) {
  for (const auto& [metric, number] : sample.values) {
    const QLatin1String id = metric;
    if (std::ranges::find(kept, id) == kept.end()) continue;
    if (const MetricInfo* info = findMetric(id)) m_kept.add(id, info->unit, sample.at.wallMs, number);
  }
}

}  // namespace cachedeck
