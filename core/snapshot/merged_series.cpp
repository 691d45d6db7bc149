// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/merged_series.h"

#include "core/metrics/sample_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cachedeck::snapshot {

namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr qint64 aloneMs = 1000;          // what a row between gaps stands for
constexpr qint64 shortestPartMs = 1000;   // a shorter rest of a row is no stretch of its own
constexpr double clearlyFiner = 0.75;     // of the other's step: two records of one second must not alternate
constexpr double longestHoleSteps = 2.5;  // as a source's own rows may be apart

/// A row that was measured, and the time that it stands for.
struct Cover {
  qint64 fromMs, toMs;
  size_t row;
  bool isAfterBreak;       ///< its line begins here
  bool hasNoRates = false; ///< the row after it has more
  qint64 stepMs() const { return toMs - fromMs; }
};

float valueAt(const SeriesGroup::Column& column, size_t row) { return row < column.values.size() ? column.values[row] : none; }

bool isMeasured(const SeriesGroup& group, size_t row) {
  return std::ranges::any_of(group.columns, [row](const SeriesGroup::Column& column) { return std::isfinite(valueAt(column, row)); });
}

bool hasMore(const SeriesGroup& group, size_t row, size_t than) {
  return std::ranges::any_of(group.columns, [=](const SeriesGroup::Column& column) { return std::isfinite(valueAt(column, row)) && !std::isfinite(valueAt(column, than)); });
}

/// A line that begins stands for as long as the step to its second row, but not for the time before the break.
void stretchBeginnings(const SeriesGroup& group, std::vector<Cover>& covers) {
  for (size_t i = 0; i < covers.size(); ++i) {
    Cover& cover = covers[i];
    if (!cover.isAfterBreak) continue;
    const bool goesOn = i + 1 < covers.size() && !covers[i + 1].isAfterBreak;
    const qint64 from = cover.toMs - (goesOn ? covers[i + 1].toMs - cover.toMs : aloneMs);
    cover.fromMs = cover.row > 0 ? std::max(from, group.timesMs[cover.row - 1]) : from;
    cover.hasNoRates = goesOn && hasMore(group, covers[i + 1].row, cover.row);
    const bool isRestart = i > 0 && static_cast<double>(cover.toMs - covers[i - 1].toMs) <= longestHoleSteps * static_cast<double>(cover.toMs - from);
    if (cover.hasNoRates && !isRestart) cover.fromMs = cover.toMs - 1;  // it tells of its own moment only
  }
}

std::vector<Cover> coversOf(const SeriesGroup& group) {
  std::vector<Cover> covers;
  bool isBroken = true;
  for (size_t row = 0; row < group.timesMs.size(); ++row) {
    const qint64 at = group.timesMs[row];
    if (!isMeasured(group, row)) isBroken = true;
    else if (covers.empty() || at > covers.back().toMs) {
      isBroken = isBroken || at - covers.back().toMs > longestStepMs;
      covers.push_back({isBroken ? at : covers.back().toMs, at, row, isBroken});
      isBroken = false;
    }
  }
  stretchBeginnings(group, covers);
  return covers;
}

/// A stretch of time with the row that it shows.
struct Piece {
  size_t side, cover;
  qint64 fromMs, toMs;
};

/// The time of both in pieces, each of the finer record.
std::vector<Piece> piecesOf(const std::array<std::vector<Cover>, 2>& covers) {
  std::vector<Piece> pieces;
  std::array<size_t, 2> at{0, 0};
  qint64 now = std::numeric_limits<qint64>::min();
  const auto nextOf = [&](size_t side) { return at[side] < covers[side].size() ? &covers[side][at[side]] : nullptr; };
  for (;;) {
    for (const size_t side : {0, 1})
      while (nextOf(side) && nextOf(side)->toMs <= now) ++at[side];
    const std::array<const Cover*, 2> next{nextOf(0), nextOf(1)};
    if (!next[0] && !next[1]) return pieces;
    const auto isHere = [&](size_t side) { return next[side] && next[side]->fromMs <= now; };
    if (!isHere(0) && !isHere(1)) {
      now = std::min(next[0] ? next[0]->fromMs : next[1]->fromMs, next[1] ? next[1]->fromMs : next[0]->fromMs);
      continue;
    }
    const bool isFiner = isHere(1) && (!isHere(0) || static_cast<double>(next[1]->stepMs()) < clearlyFiner * static_cast<double>(next[0]->stepMs()));
    const size_t side = isFiner ? 1 : 0, other = 1 - side;
    qint64 until = next[side]->toMs;
    if (next[other]) until = std::min(until, isHere(other) ? next[other]->toMs : next[other]->fromMs);
    if (!pieces.empty() && pieces.back().side == side && pieces.back().cover == at[side] && pieces.back().toMs == now) pieces.back().toMs = until;
    else pieces.push_back({side, at[side], now, until});
    now = until;
  }
}

class Merge {
 public:
  Merge(const SeriesGroup& first, const SeriesGroup& second) : m_groups{&first, &second}, m_covers{coversOf(first), coversOf(second)} {
    m_out.name = first.name;
    for (const size_t side : {0, 1})
      for (const SeriesGroup::Column& column : m_groups[side]->columns) m_places[side].push_back(placeOf(column.metric)), m_twins[side].push_back(columnOf(*m_groups[1 - side], column.metric));
  }

  SeriesGroup result() {
    for (const Piece& piece : piecesOf(m_covers)) {
      const Cover& cover = m_covers[piece.side][piece.cover];
      const bool isWhole = piece.toMs - piece.fromMs == cover.stepMs();
      if (isWhole || piece.toMs - piece.fromMs > shortestPartMs) add(piece, cover);
    }
    return std::move(m_out);
  }

 private:
  static const SeriesGroup::Column* columnOf(const SeriesGroup& group, const QByteArray& metric) {
    const auto found = std::ranges::find(group.columns, metric, &SeriesGroup::Column::metric);
    return found == group.columns.end() ? nullptr : &*found;
  }

  size_t placeOf(const QByteArray& metric) {
    const auto place = static_cast<size_t>(std::ranges::find(m_out.columns, metric, &SeriesGroup::Column::metric) - m_out.columns.begin());
    if (place == m_out.columns.size()) m_out.columns.push_back({metric, {}});
    return place;
  }

  void add(const Piece& piece, const Cover& cover) {
    const bool isOther = !m_out.timesMs.empty() && m_side != piece.side;
    const bool isNextRow = !isOther && cover.isAfterBreak && piece.cover != m_cover;
    const qint64 hole = m_out.timesMs.empty() ? 0 : piece.fromMs - m_coveredMs;
    const bool isHole = static_cast<double>(hole) > longestHoleSteps * static_cast<double>(std::max(m_stepMs, cover.stepMs()));
    if (isOther && !isHole && cover.hasNoRates) return void(m_coveredMs = piece.toMs);
    if (!m_out.timesMs.empty() && (isHole || isNextRow) && m_out.timesMs.back() + 1 < piece.toMs) addEmpty(m_out.timesMs.back() + 1);
    addEmpty(piece.toMs);
    put(piece.side, cover.row);
    fill(piece);
    m_side = piece.side;
    m_cover = piece.cover;
    m_stepMs = cover.stepMs();
    m_coveredMs = piece.toMs;
  }

  void addEmpty(qint64 ms) {
    m_out.timesMs.push_back(ms);
    for (SeriesGroup::Column& column : m_out.columns) column.values.push_back(none);
  }

  void put(size_t side, size_t row) {
    for (size_t i = 0; i < m_places[side].size(); ++i) m_out.columns[m_places[side][i]].values.back() = valueAt(m_groups[side]->columns[i], row);
  }

  /// Metrics that the piece's record did not measure in all the time of the other's row.
  void fill(const Piece& piece) {
    const size_t other = 1 - piece.side;
    const std::vector<Cover>& covers = m_covers[other];
    size_t& at = m_fillAt[other];
    while (at < covers.size() && covers[at].toMs < piece.toMs) ++at;
    if (at == covers.size() || covers[at].fromMs >= piece.toMs) return;
    if (m_openOf[other] != at + 1) {
      m_openOf[other] = at + 1;
      m_open[other] = openColumns(other, covers[at]);
    }
    for (const size_t i : m_open[other]) {
      float& value = m_out.columns[m_places[other][i]].values.back();
      if (!std::isfinite(value)) value = valueAt(m_groups[other]->columns[i], covers[at].row);
    }
  }

  std::vector<size_t> openColumns(size_t side, const Cover& cover) const {
    const std::vector<qint64>& times = m_groups[1 - side]->timesMs;
    const auto begin = static_cast<size_t>(std::ranges::upper_bound(times, cover.fromMs) - times.begin()), end = static_cast<size_t>(std::ranges::upper_bound(times, cover.toMs) - times.begin());
    std::vector<size_t> open;
    for (size_t i = 0; i < m_twins[side].size(); ++i) {
      const SeriesGroup::Column* const twin = m_twins[side][i];
      bool isOpen = std::isfinite(valueAt(m_groups[side]->columns[i], cover.row));
      for (size_t row = begin; twin && isOpen && row < end; ++row) isOpen = !std::isfinite(valueAt(*twin, row));
      if (isOpen) open.push_back(i);
    }
    return open;
  }

  const std::array<const SeriesGroup*, 2> m_groups;
  const std::array<std::vector<Cover>, 2> m_covers;
  std::array<std::vector<size_t>, 2> m_places;  ///< of each column in what comes out
  std::array<std::vector<const SeriesGroup::Column*>, 2> m_twins;  ///< of each column the other record's of the same metric, or null
  SeriesGroup m_out;
  size_t m_side = 0, m_cover = 0;  ///< of the row that was added last
  qint64 m_stepMs = 0, m_coveredMs = 0;
  std::array<size_t, 2> m_fillAt{0, 0}, m_openOf{0, 0};  ///< the row that open columns were last looked for, plus one
  std::array<std::vector<size_t>, 2> m_open;
};

}  // namespace

std::vector<SeriesGroup> mergedSeries(std::vector<SeriesGroup> first, std::vector<SeriesGroup> second) {
  for (SeriesGroup& group : second) {
    const auto same = std::ranges::find(first, group.name, &SeriesGroup::name);
    if (same == first.end()) first.push_back(std::move(group));
    else if (same->timesMs.empty()) *same = std::move(group);
    else if (!group.timesMs.empty()) *same = Merge(*same, group).result();
  }
  return first;
}

}  // namespace cachedeck::snapshot
