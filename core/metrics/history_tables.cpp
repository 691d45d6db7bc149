// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/history_group.h"

namespace cachedeck {

namespace {

// Longer than any step between samples: nobody measured in between.
constexpr qint64 longestStepMs = 300'000;

float valueOf(float value) { return value; }
float valueOf(const Cell& cell) { return cell.count ? cell.sum / static_cast<float>(cell.count) : NAN; }

template <typename Base>
void addRows(SeriesGroup& out, const TimeColumn& times, const std::vector<RingSeries<Base>>& columns, qint64 fromMs, qint64 toMs) {
  const qint64 from = times.lowerBound(fromMs), to = times.lowerBound(toMs + 1);
  for (qint64 row = from; row < to; ++row) out.timesMs.push_back(times.at(row));
  for (size_t i = 0; i < columns.size(); ++i)
    for (qint64 row = from; row < to; ++row) out.columns[i].values.push_back(valueOf(columns[i].at(row)));
}

}  // namespace

class History::Past {
 public:
  Groups groups;
  Places places;
};

std::vector<SeriesGroup> History::tables(qint64 fromMs, qint64 toMs) const {
  std::vector<SeriesGroup> out;
  for (const auto& group : m_groups) {
    SeriesGroup table{QByteArray::fromStdString(group->name), {}, std::vector<SeriesGroup::Column>(group->columns.size())};
    for (const auto& [metric, place] : m_places)
      if (place.group == group.get()) table.columns[place.column].metric = QByteArray::fromStdString(metric);
    if (const Group::Tier* tier = group->tierFor(fromMs)) addRows(table, tier->times, tier->columns, fromMs, std::min(toMs, group->times.at(group->times.first()) - tier->shape.slotMs));
    addRows(table, group->times, group->columns, fromMs, toMs);
    out.push_back(std::move(table));
  }
  return out;
}

std::shared_ptr<History::Past> History::past(const std::vector<SeriesGroup>& tables) {
  auto past = std::make_shared<Past>();
  for (const SeriesGroup& table : tables) {
    if (table.timesMs.empty()) continue;
    auto group = std::make_unique<Group>(table.name.toStdString(), 2 * static_cast<qint64>(table.timesMs.size()));  // with the gaps
    std::vector<const SeriesGroup::Column*> columns;
    for (const SeriesGroup::Column& column : table.columns)
      if (column.values.size() == table.timesMs.size() && past->places.try_emplace(column.metric.toStdString(), Place{group.get(), columns.size()}).second) {
        columns.push_back(&column);
        group->addColumn();
      }
    for (size_t row = 0; row < table.timesMs.size(); ++row) {
      const qint64 ms = table.timesMs[row], last = group->lastMs();
      if (!group->times.isEmpty() && ms <= last) continue;
      if (!group->times.isEmpty() && ms - last > longestStepMs) group->pushGap(last + 1);
      bool empty = true;
      for (size_t i = 0; i < columns.size(); ++i) empty &= std::isnan(group->row[i] = columns[i]->values[row]);
      group->pushRow(ms);
      group->afterGap = empty;
    }
    past->groups.push_back(std::move(group));
  }
  return past;
}

void History::adopt(const std::shared_ptr<Past>& past) {
  m_groups = std::move(past->groups);
  m_places = std::move(past->places);
  Q_EMIT appended();
}

}  // namespace cachedeck
