// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_series.h"

#include "core/metrics/metric.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qsizetype mostPoints = 7200;

}  // namespace

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
    const MetricInfo* info = findMetric(id);
    if (!info) continue;
    auto series = std::find_if(m_series.begin(), m_series.end(), [&](const runs::ServerSeries& one) { return one.metric == id; });
    if (series == m_series.end()) series = m_series.insert(m_series.end(), runs::ServerSeries{QString(id), info->unit, {}});
    series->points.append({sample.at.wallMs, number});
    if (series->points.size() < mostPoints) continue;
    QList<runs::ServerSeries::Point> half;
    for (qsizetype i = 0; i < series->points.size(); i += 2) half.append(series->points[i]);
    series->points = half;
  }
}

}  // namespace cachedeck
