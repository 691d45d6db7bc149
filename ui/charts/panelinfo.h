// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/history.h"

#include <QString>

#include <vector>

namespace cachedeck {

/// A stretch of wall time, milliseconds since the epoch.
struct TimeSpan {
  qint64 fromMs = 0;
  qint64 toMs = 0;
  double seconds() const { return static_cast<double>(toMs - fromMs) * 1e-3; }
  bool operator==(const TimeSpan& other) const = default;
};

enum class SeriesStyle { Line, Area, Stacked, Bars, Dashed };

/// One line of a panel.
struct SeriesInfo {
  QLatin1String metric;
  int colour;                   ///< 1–8: series colour of the palette
  SeriesStyle style = SeriesStyle::Line;
  const char* label = nullptr;  ///< translatable ("Panel"); the metric's own name when null
  bool onlyWhenSeen = false;    ///< stays out of the legend while it is nothing but zero
};

/// A dashed horizontal: a fixed value, or another metric's newest value times a factor.
struct ThresholdInfo {
  Level level;
  const char* label;            ///< translatable ("Panel"), %1 is the value with its unit
  double value = NAN;           ///< in the panel's unit
  QLatin1String metric = {};    ///< used when `value` is NaN
  double factor = 1;
};

/// The gauge of a Donut panel: rings from outside to inside, lines beside it, small bars below them.
struct GaugeData {
  struct Ring { QString label, detail; double percent = NAN; int colour = 1; };
  struct Bar { QString label; double percent = NAN; Level level = Level::Good; };
  std::vector<Ring> rings;
  QString barTitle;
  std::vector<Bar> bars;
  QString caption;              ///< under the figure in the middle
};

/// A panel of the Overview, described once.
struct PanelInfo {
  enum class Kind { Chart, Donut };
  QLatin1String id;
  const char* title;            ///< translatable ("Panel")
  const char* subtitle;         ///< translatable ("Panel"); the unit is added behind it
  const char* description;      ///< one sentence for screen readers and the tooltip, translatable ("Panel")
  Kind kind;
  Unit unit;
  std::vector<QLatin1String> sources;
  std::vector<SeriesInfo> series;
  std::vector<ThresholdInfo> thresholds = {};
  /// A threshold higher than this times the highest value is left out, so that it does not squash the lines.
  double reach = 2.5;
  QLatin1String judged = {};    ///< the metric whose level colours the card
  /// What is judged in place of that metric's newest value, in its unit; may be null.
  double (*judgedValue)(const History& history, const TimeSpan& span) = nullptr;
  /// A note of a source with one of these words in it tells why the panel is empty.
  std::vector<QLatin1String> noteWords = {};
  /// Why a source that answers may have nothing to measure, translatable ("Panel"); may be null.
  const char* idle = nullptr;
  /// An alerting rule with one of these in its expression is about this panel.
  std::vector<QLatin1String> alertWords = {};
  int columns = 1;
  /// The panel stands on the page only once this metric was seen; empty = always.
  QLatin1String onlyWith = {};
  /// A further, changing part of the subtitle ("max 200"); may be null.
  QString (*note)(const History& history, const TimeSpan& span) = nullptr;
  GaugeData (*gauge)(const History& history, const TimeSpan& span) = nullptr;
};

QString seriesLabel(const SeriesInfo& series);
/// A limit or threshold without needless zeros: "8 GiB", "75 %".
QString roundValue(double value, Unit unit);

}  // namespace cachedeck
