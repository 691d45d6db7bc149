// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/history.h"

#include "core/metrics/history_group.h"

#include <bit>
#include <string>
#include <string_view>

namespace cachedeck {

namespace {

// The wall clock is slewed by less; more is a person or a time server that sets it.
constexpr qint64 smallestStepBackMs = 5000;

}  // namespace

History::History(QObject* parent) : QObject(parent) {}
History::~History() = default;

History::Group& History::groupOf(QLatin1String name) {
  for (const auto& group : m_groups)
    if (group->name == viewOf(name)) return *group;
  return *m_groups.emplace_back(std::make_unique<Group>(std::string(viewOf(name))));
}

const History::Place* History::place(QLatin1String metric) const {
  const auto found = m_places.find(std::string(viewOf(metric)));
  return found == m_places.end() ? nullptr : &found->second;
}

namespace {

template <typename Group, typename Places>
void fillRow(Group& group, Places& places, const History::Values& values) {
  std::fill(group.row.begin(), group.row.end(), NAN);
  for (const auto& [id, value] : values) {
    auto [entry, isNew] = places.try_emplace(std::string(viewOf(id)));
    if (isNew) {
      entry->second.group = &group;
      entry->second.column = group.addColumn();
    }
    if (entry->second.group == &group) group.row[entry->second.column] = static_cast<float>(value);
  }
}

}  // namespace

void History::append(QLatin1String groupName, qint64 wallMs, const Values& values, bool restarted, qint64 maxStepMs) {
  Group& group = groupOf(groupName);
  const qint64 last = group.lastMs();
  if (!group.times.isEmpty()) {
    if (wallMs <= last) {
      if (last - wallMs < smallestStepBackMs) return;  // wait until the clock has caught up
      group.restart();  // it was set back: what was drawn so far lies in a future that has not happened
    }
  }
  if (!group.times.isEmpty()) {
    if (restarted || wallMs - last > std::max(maxStepMs, group.tailStepMs)) group.pushGap(last + 1);
    group.tailStepMs = 0;
  }
  fillRow(group, m_places, values);
  group.pushRow(wallMs);
  Q_EMIT appended();
}

void History::backfill(QLatin1String groupName, const std::vector<std::pair<qint64, Values>>& rows, qint64 maxStepMs) {
  Group& group = groupOf(groupName);
  if (group.times.first() > 0) return;  // the first live rows are only in the coarse tiers by now: too late to go before them
  struct Row {
    qint64 ms;
    std::vector<float> values;
  };
  std::vector<Row> live;
  for (qint64 n = 0; n < group.times.end(); ++n) {
    Row row{group.times.at(n), {}};
    for (const auto& column : group.columns) row.values.push_back(column.at(n));
    live.push_back(std::move(row));
  }
  // The first sample of a source has no rates yet; kept, it would tear a hole between the past and the second one.
  if (!rows.empty() && !live.empty()) live.erase(live.begin());
  const qint64 firstLive = live.empty() ? std::numeric_limits<qint64>::max() : live.front().ms;

  group.restart();
  for (const auto& [ms, values] : rows) {
    if (ms >= firstLive) break;
    if (!group.times.isEmpty()) {
      const qint64 last = group.lastMs();
      if (ms <= last) continue;
      if (ms - last > maxStepMs) group.pushGap(last + 1);
    }
    fillRow(group, m_places, values);
    group.pushRow(ms);
  }
  if (!live.empty() && !group.times.isEmpty() && firstLive - group.lastMs() > maxStepMs) group.pushGap(group.lastMs() + 1);
  group.liveFrom = group.times.end();
  if (rows.size() > 1)
    group.pastWeight = std::max(1.0, static_cast<double>(rows.back().first - rows.front().first) / 1000.0 / static_cast<double>(rows.size() - 1));
  if (live.empty()) group.tailStepMs = maxStepMs;
  for (const Row& row : live) {
    std::fill(group.row.begin(), group.row.end(), NAN);
    std::copy(row.values.begin(), row.values.end(), group.row.begin());
    group.pushRow(row.ms);
  }
  Q_EMIT appended();
}

void History::clear() {
  m_places.clear();
  m_groups.clear();
  Q_EMIT appended();
}

namespace {

void addBucket(std::vector<Bucket>& out, const Cell& cell, qint64 fromMs, qint64 toMs) {
  Bucket bucket{fromMs, toMs, NAN, NAN, NAN};
  if (cell.count == 0) {
    if (!out.empty() && out.back().isGap()) {
      out.back().toMs = toMs;
      return;
    }
  } else {
    bucket.min = cell.min;
    bucket.max = cell.max;
    bucket.mean = cell.sum / static_cast<float>(cell.count);
  }
  out.push_back(bucket);
}

// Rows in which something was measured and rows in which nothing was, as stretches of their own: a bucket that spans
// an outage would otherwise bridge it.
template <typename Base>
void addParts(std::vector<Bucket>& out, const TimeColumn& times, const RingSeries<Base>& series, qint64 from, qint64 to) {
  const auto measured = [&](qint64 row) { return Cell::of(series.at(row)).count > 0; };
  for (qint64 row = from; row < to;) {
    qint64 next = row + 1;
    while (next < to && measured(next) == measured(row)) ++next;
    addBucket(out, series.over(row, next), times.at(row), times.at(next - 1));
    row = next;
  }
}

// A longer bucket is not taken apart: reading stays cheap however many samples there are.
constexpr qint64 longestParted = 64;

// Rows [from, to) of a series in buckets of a power of two rows, aligned to row numbers.
template <typename Base>
void collect(std::vector<Bucket>& out, const TimeColumn& times, const RingSeries<Base>& series, qint64 from, qint64 to,
             int buckets) {
  const auto wanted = static_cast<quint64>(std::max<qint64>(1, (to - from + buckets - 1) / std::max(1, buckets)));
  const auto stride = static_cast<qint64>(std::bit_ceil(wanted));
  out.reserve(static_cast<size_t>((to - from) / stride + 3));
  for (qint64 row = from; row < to;) {
    const qint64 next = std::min(to, (row / stride + 1) * stride);
    const Cell cell = series.over(row, next);
    const bool whole = std::is_same_v<Base, Cell> || cell.count == 0 || cell.count == next - row || next - row > longestParted;
    if (whole)
      addBucket(out, cell, times.at(row), times.at(next - 1));
    else
      addParts(out, times, series, row, next);
    row = next;
  }
}

}  // namespace

std::vector<Bucket> History::window(QLatin1String metric, qint64 fromMs, qint64 toMs, int buckets) const {
  std::vector<Bucket> out;
  const Place* where = place(metric);
  if (!where || toMs < fromMs) return out;
  const Group& group = *where->group;
  const auto rows = [&](const TimeColumn& times) {
    // One row more on either side, so that lines run to the edges of the plot.
    const qint64 from = std::max(times.first(), times.lowerBound(fromMs) - 1);
    const qint64 to = std::min(times.end(), times.lowerBound(toMs + 1) + 1);
    return std::pair(from, std::max(from, to));
  };
  if (const Group::Tier* tier = group.tierFor(fromMs)) {
    const auto [from, to] = rows(tier->times);
    collect(out, tier->times, tier->columns[where->column], from, to, buckets);
    if (tier->openSlot * tier->shape.slotMs <= toMs && tier->open[where->column].count > 0)
      addBucket(out, tier->open[where->column], tier->openSlot * tier->shape.slotMs, group.lastMs());
  } else {
    const auto [from, to] = rows(group.times);
    collect(out, group.times, group.columns[where->column], from, to, buckets);
  }
  return out;
}

namespace {

// Each sample of the past stands for `weight` live ones.
Summary summaryOf(const Cell& past, const Cell& live, double weight) {
  Cell both = past;
  both.add(live);
  if (both.count == 0) return {};
  const double total = static_cast<double>(past.sum) * weight + static_cast<double>(live.sum);
  return {both.min, both.max, total / (past.count * weight + live.count), both.count};
}

}  // namespace

Summary History::summary(QLatin1String metric, qint64 fromMs, qint64 toMs) const {
  const Place* where = place(metric);
  if (!where) return {};
  const Group& group = *where->group;
  if (const Group::Tier* tier = group.tierFor(fromMs)) {
    Cell total = tier->columns[where->column].over(tier->times.lowerBound(fromMs), tier->times.lowerBound(toMs + 1));
    if (tier->openSlot * tier->shape.slotMs <= toMs) total.add(Group::Tier::once(tier->open[where->column]));
    return summaryOf({}, total, 1);
  }
  const qint64 from = group.times.lowerBound(fromMs), to = group.times.lowerBound(toMs + 1);
  const qint64 junction = std::clamp(group.liveFrom, from, to);
  const auto& column = group.columns[where->column];
  return summaryOf(column.over(from, junction), column.over(junction, to), group.pastWeight);
}

double History::last(QLatin1String metric) const {
  const Place* where = place(metric);
  if (!where || where->group->times.isEmpty()) return NAN;
  return static_cast<double>(where->group->columns[where->column].at(where->group->times.end() - 1));
}

double History::at(QLatin1String metric, qint64 wallMs) const {
  const Place* where = place(metric);
  if (!where) return NAN;
  const Group& group = *where->group;
  const auto rowAt = [&](const TimeColumn& times) { return times.lowerBound(wallMs + 1) - 1; };
  if (const Group::Tier* tier = group.tierFor(wallMs)) {
    const qint64 row = rowAt(tier->times);
    if (row < tier->times.first()) return NAN;
    const Cell cell = tier->columns[where->column].at(row);
    return cell.count ? static_cast<double>(cell.sum) / cell.count : NAN;
  }
  const qint64 row = rowAt(group.times);
  return row < group.times.first() ? NAN : static_cast<double>(group.columns[where->column].at(row));
}

qint64 History::firstMs(QLatin1String metric) const {
  const Place* where = place(metric);
  return where ? where->group->firstMs() : 0;
}

qint64 History::lastMs(QLatin1String metric) const {
  const Place* where = place(metric);
  return where ? where->group->lastMs() : 0;
}

qint64 History::firstMs() const {
  qint64 first = 0;
  for (const auto& group : m_groups) {
    const qint64 ms = group->firstMs();
    if (ms > 0 && (first == 0 || ms < first)) first = ms;
  }
  return first;
}

size_t History::bytes() const {
  size_t sum = 0;
  for (const auto& group : m_groups) {
    sum += group->times.bytes();
    for (const auto& column : group->columns) sum += column.bytes();
    for (const auto& tier : group->tiers) {
      sum += tier.times.bytes();
      for (const auto& column : tier.columns) sum += column.bytes();
    }
  }
  return sum;
}

}  // namespace cachedeck
