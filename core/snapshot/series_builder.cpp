// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/series_builder.h"

#include <cmath>

namespace cachedeck::snapshot {

void SeriesBuilder::add(qint64 wallMs, const std::vector<std::pair<QLatin1String, double>>& values, bool restarted, qint64 maxStepMs) {
  if (!m_group.timesMs.empty()) {
    const qint64 last = m_group.timesMs.back();
    if (wallMs <= last) return;
    if ((restarted || wallMs - last > maxStepMs) && wallMs > last + 1) addEmpty(last + 1);
  }
  addEmpty(wallMs);
  for (const auto& [metric, value] : values) column(QByteArray(metric.data(), metric.size())).back() = static_cast<float>(value);
}

void SeriesBuilder::addEmpty(qint64 wallMs) {
  m_group.timesMs.push_back(wallMs);
  for (SeriesGroup::Column& one : m_group.columns) one.values.push_back(NAN);
}

std::vector<float>& SeriesBuilder::column(const QByteArray& metric) {
  for (SeriesGroup::Column& one : m_group.columns)
    if (one.metric == metric) return one.values;
  return m_group.columns.emplace_back(SeriesGroup::Column{metric, std::vector<float>(m_group.timesMs.size(), NAN)}).values;
}

void SeriesBuilder::prepend(const SeriesGroup& past, qint64 maxStepMs) {
  SeriesGroup live = std::exchange(m_group, SeriesGroup{m_group.name, {}, {}});
  const bool isFirstLeftOut = live.timesMs.size() > 1;
  const size_t begin = isFirstLeftOut ? 1 : 0;
  size_t rows = 0;
  while (rows < past.timesMs.size() && (live.timesMs.empty() || past.timesMs[rows] < live.timesMs[begin])) ++rows;
  if (rows == 0) {
    m_group = std::move(live);
    return;
  }
  m_group.timesMs.assign(past.timesMs.begin(), past.timesMs.begin() + static_cast<std::ptrdiff_t>(rows));
  for (const SeriesGroup::Column& one : past.columns) m_group.columns.push_back({one.metric, {one.values.begin(), one.values.begin() + static_cast<std::ptrdiff_t>(rows)}});
  for (size_t row = begin; row < live.timesMs.size(); ++row) {
    const qint64 last = m_group.timesMs.back();
    if (row == begin && live.timesMs[row] - last > maxStepMs) addEmpty(last + 1);
    addEmpty(live.timesMs[row]);
    for (const SeriesGroup::Column& one : live.columns) column(one.metric).back() = one.values[row];
  }
}

}  // namespace cachedeck::snapshot
