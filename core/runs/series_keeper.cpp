// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/series_keeper.h"

#include <algorithm>

namespace cachedeck::runs {

namespace {

QList<ServerSeries::Point> halved(const QList<ServerSeries::Point>& points) {
  QList<ServerSeries::Point> half;
  half.reserve(points.size() / 2 + 1);
  for (qsizetype i = 0; i < points.size(); i += 2) half.append(points[i]);
  return half;
}

}  // namespace

qsizetype SeriesKeeper::indexOf(QLatin1String metric, Unit unit) {
  const auto known = std::find_if(m_series.cbegin(), m_series.cend(), [&](const ServerSeries& one) { return one.metric == metric; });
  if (known != m_series.cend()) return known - m_series.cbegin();
  m_series.append({QString(metric), unit, {}});
  m_paces.emplace_back();
  return m_series.size() - 1;
}

void SeriesKeeper::add(QLatin1String metric, Unit unit, qint64 ms, double value) {
  const qsizetype index = indexOf(metric, unit);
  Pace& pace = m_paces[static_cast<std::size_t>(index)];
  if (pace.seen++ % pace.stride != 0) return;
  QList<ServerSeries::Point>& points = m_series[index].points;
  points.append({ms, value});
  if (points.size() < mostPoints) return;
  points = halved(points);
  pace.stride *= 2;
}

}  // namespace cachedeck::runs
