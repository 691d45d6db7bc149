// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_series.h"

#include "core/metrics/metric.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr const char* kept[] = {"redis.ops", "redis.hits", "redis.misses", "redis.memory_used", "redis.memory_used_percent", "redis.clients", "redis.evicted",
                                "postgres.connections", "postgres.active", "postgres.calls", "postgres.query_mean", "postgres.transactions"};
constexpr qsizetype mostPoints = 7200;

}  // namespace

LoadSeries::LoadSeries(const QMap<QString, SourceSettings>& sources, const Clock& clock) {
  for (const SourceInfo& info : sourceRegistry()) {
    const QString id = QString::fromLatin1(info.id);
    if (!sources.contains(id) || (id != QLatin1String("redis") && id != QLatin1String("postgres"))) continue;
    Poller& poller = *m_pollers.emplace_back(std::make_unique<Poller>(info, sources[id], clock));
    connect(&poller, &Poller::sampled, this, &LoadSeries::keep);
    poller.start();
  }
}

LoadSeries::~LoadSeries() = default;

void LoadSeries::keep(const Sample& sample) {
  for (const auto& [metric, number] : sample.values) {
    const QLatin1String id = metric;
    if (std::none_of(std::begin(kept), std::end(kept), [&](const char* name) { return id == QLatin1String(name); })) continue;
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
