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

}  // namespace cachedeck::snapshot
