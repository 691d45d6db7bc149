// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/history_group.h"

namespace cachedeck {

void History::Group::Tier::addColumn() {
  columns.emplace_back(shape.rows, times.end());
  open.emplace_back();
}

void History::Group::Tier::closeSlot() {
  times.push(openSlot * shape.slotMs);
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i].push(once(open[i]));
    open[i] = {};
  }
}

void History::Group::Tier::addToOpen(const std::vector<float>& row) {
  for (size_t i = 0; i < row.size(); ++i) open[i].add(Cell::of(row[i]));
}

void History::Group::Tier::add(qint64 ms, const std::vector<float>& row, bool afterGap) {
  const qint64 slot = ms / shape.slotMs;
  if (openSlot >= 0 && slot != openSlot) {
    closeSlot();
    while (++openSlot < slot) {
      if (!afterGap) addToOpen(row);
      closeSlot();
      if (afterGap) break;
    }
  }
  openSlot = slot;
  addToOpen(row);
}

History::Group::Group(std::string n, qint64 rows) : name(std::move(n)), times(rows) {
  for (const TierShape& shape : tierShapes) tiers.emplace_back(shape);
}

size_t History::Group::addColumn() {
  columns.emplace_back(times.capacity(), times.end());
  for (Tier& tier : tiers) tier.addColumn();
  row.push_back(NAN);
  return columns.size() - 1;
}

void History::Group::pushRow(qint64 ms) {
  times.push(ms);
  for (size_t i = 0; i < columns.size(); ++i) columns[i].push(row[i]);
  for (Tier& tier : tiers) tier.add(ms, row, afterGap);
  afterGap = false;
}

void History::Group::pushGap(qint64 ms) {
  std::fill(row.begin(), row.end(), NAN);
  pushRow(ms);
  afterGap = true;
}

void History::Group::restart() {
  Group fresh(name, times.capacity());
  for (size_t i = 0; i < columns.size(); ++i) fresh.addColumn();
  *this = std::move(fresh);
}

qint64 History::Group::firstMs() const {
  qint64 first = times.isEmpty() ? 0 : times.at(times.first());
  if (times.first() == 0) return first;  // every row is still there
  for (const Tier& tier : tiers)
    if (!tier.times.isEmpty()) first = std::min(first, tier.times.at(tier.times.first()));
  return first;
}

const History::Group::Tier* History::Group::tierFor(qint64 fromMs) const {
  if (times.first() == 0 || times.at(times.first()) <= fromMs) return nullptr;
  for (const Tier& tier : tiers)
    if (tier.times.first() == 0 || tier.times.at(tier.times.first()) <= fromMs) return &tier;
  return &tiers.back();
}

}  // namespace cachedeck
