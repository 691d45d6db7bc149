// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelinfo.h"

#include <QSet>

namespace cachedeck {

class ValueScale;

/// What a plot area shows at one moment; painting needs nothing else.
struct PlotData {
  struct Series {
    QString name;
    QLatin1String metric;
    int colour = 1;
    SeriesStyle style = SeriesStyle::Line;
    std::vector<Bucket> buckets;   ///< stacked series hold their upper edge in `mean`
    std::vector<float> floor;      ///< lower edges of a stacked series, as long as `buckets`; empty otherwise
  };
  struct Threshold {
    double value;
    QString label;
    Level level;
    bool band;                     ///< tint what lies beyond it
    bool beyondIsBelow = false;
  };
  /// Something that happened: a dotted vertical with a chip.
  struct Mark {
    qint64 atMs;
    QString label;
    int colour = 4;
    qint64 toMs = 0;               ///< end of the stretch it names; 0 = a moment
    QString detail{};              ///< more of it, for its tooltip; plain
  };
  /// Something that lasted: a translucent stretch with its name. `toMs` 0 = still going on.
  struct Run {
    qint64 fromMs, toMs;
    QString label;
    int colour = 6;
  };

  /// A time in which an alert was firing.
  struct Alert {
    qint64 fromMs, toMs;           ///< toMs 0: it goes on
    Level level;
    bool isAbout;                  ///< about what this panel shows
    QString label, said;           ///< its name; all of it, for the tooltip; plain
  };

  TimeSpan span;
  double low = 0, high = 1;
  std::vector<Series> series;      ///< visible ones only, in drawing order
  std::vector<Threshold> thresholds;
  std::vector<Mark> marks;
  std::vector<Run> runs;
  std::vector<Alert> alerts;
  bool stale = false;              ///< lines lose colour
  bool following = true;           ///< a dot stands on the newest value

  bool isEmpty() const;
};

/// Reads a panel's series from the history: about two buckets a pixel at most, so drawing costs the same for any number of
/// samples. `hidden` holds the metrics that the legend switched off.
PlotData buildPlot(const PanelInfo& panel, const History& history, const TimeSpan& span, double widthPixels,
                   const QSet<QLatin1String>& hidden);
/// Fits the scale to the data and the thresholds that do not squash it, then drops those that lie outside.
void fitScale(PlotData& data, const PanelInfo& panel, ValueScale& scale, int wantedTicks);

}  // namespace cachedeck
