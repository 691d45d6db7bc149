// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/history.h"
#include "core/metrics/ring.h"

#include <string>
#include <string_view>

namespace cachedeck {

inline std::string_view viewOf(QLatin1String text) { return {text.data(), static_cast<size_t>(text.size())}; }

/// The rows of one source: shared times, one column a metric, in three tiers.
struct History::Group {
  static constexpr qint64 rawRows = 4096;  ///< an hour at one row a second, and the gaps
  struct TierShape {
    qint64 slotMs;
    qint64 rows;
  };
  static constexpr TierShape tierShapes[] = {{10'000, 8640}, {60'000, 20160}};  ///< 24 h, 14 d

  struct Tier {
    TierShape shape;
    TimeColumn times;
    std::vector<RingSeries<Cell>> columns;
    std::vector<Cell> open;  ///< aggregates of the slot that still fills
    qint64 openSlot = -1;
    explicit Tier(TierShape s) : shape(s), times(s.rows) {}

    void addColumn();
    /// A slot counts once, however many samples it holds: the mean of a range is one over time.
    static Cell once(const Cell& cell) { return cell.count ? Cell{cell.min, cell.max, cell.sum / static_cast<float>(cell.count), 1} : cell; }
    /// What Prometheus gives may step wider than a slot; a value of it stands for the time since the one before. After a gap one empty row breaks the line.
    void add(qint64 ms, const std::vector<float>& row, bool afterGap);

   private:
    void closeSlot();
    void addToOpen(const std::vector<float>& row);
  };

  std::string name;
  TimeColumn times;
  std::vector<RingSeries<float>> columns;
  std::vector<Tier> tiers;
  std::vector<float> row;  ///< scratch, one value a column
  qint64 tailStepMs = 0;   ///< the step that may follow a last row that came from backfill
  qint64 liveFrom = 0;     ///< rows before it came from backfill,
  double pastWeight = 1;   ///< and each stands for so many live ones
  bool afterGap = false;

  explicit Group(std::string n, qint64 rows = rawRows);

  size_t addColumn();
  void pushRow(qint64 ms);
  void pushGap(qint64 ms);
  /// As it was before the first row; the columns keep their places.
  void restart();
  qint64 lastMs() const { return times.isEmpty() ? 0 : times.at(times.end() - 1); }
  qint64 firstMs() const;
  /// The finest tier that reaches back to a time, else the one that reaches furthest; nullptr = the raw rows.
  const Tier* tierFor(qint64 fromMs) const;
};

}  // namespace cachedeck
