// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/report_look.h"
#include "core/snapshot/snapshot.h"

#include <span>
#include <vector>

namespace cachedeck::snapshot {

/// The samples of one column of pixels.
struct ChartColumn {
  double at = 0;  ///< of its last sample, 0 to 1 over the range
  float min = 0, max = 0, mean = 0, last = 0;
  bool minFirst = true;
  bool afterGap = false;  ///< nothing joins it to the column before
};

/// What one chart shows; drawing needs nothing else.
struct ChartData {
  struct Line {
    QString label;
    int colour = 1;
    ChartPanel::Style style = ChartPanel::Style::Line;
    bool faded = false;                ///< of the earlier of two snapshots
    std::vector<ChartColumn> columns;  ///< of stacked lines: their upper edge
    std::vector<float> floor;          ///< of stacked lines: lower edges, one a column
    double last = NAN;                 ///< its own newest value
  };
  struct Threshold {
    double value;
    QString label;
    Level level;
    bool band = false, beyondIsBelow = false;
  };
  /// An action or a run: a moment, or with `to` a stretch. 0 to 1 over the range.
  struct Mark {
    double from = 0, to = 0;
    QString label;
    int colour = 4;
    int number = 0;  ///< in the list of marks below the charts; 0: there is none
  };
  QString id, title, subtitle;
  Unit unit = Unit::None;
  qint64 fromMs = 0, toMs = 0;
  bool relative = false;  ///< the axis counts from the beginning
  double low = 0, high = 1, step = 1;
  QList<Line> lines;
  QList<Threshold> thresholds;
  QList<Mark> marks;
  bool isEmpty() const;
};

/// The smallest and largest of every column of pixels; a gap is a value that is none, or a step longer than five minutes.
std::vector<ChartColumn> decimate(std::span<const qint64> timesMs, std::span<const float> values, qint64 fromMs, qint64 toMs, int columns);

/// A panel over the range of a snapshot, in `width` columns of pixels.
ChartData chartOf(const Snapshot& snapshot, const ChartPanel& panel, int width);
/// The lines of two snapshots one over the other, on the time since their beginnings; without marks.
ChartData overlaidChart(const Snapshot& before, const Snapshot& after, const ChartPanel& panel, int width);

/// The panels that have a place in a report of the snapshot.
QList<ChartPanel> panelsOf(const Snapshot& snapshot, const ReportLook& look);

}  // namespace cachedeck::snapshot
