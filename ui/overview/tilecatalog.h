// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/format.h"
#include "ui/charts/panelinfo.h"

#include <span>

namespace cachedeck {

/// A tile with one key figure, described once.
struct TileInfo {
  QLatin1String id;
  const char* title;                            ///< translatable ("Tile")
  QLatin1String metric;                         ///< of value, sparkline and delta; its catalog row judges unless `judged` says else
  QLatin1String source;
  int colour;                                   ///< series colour of the sparkline
  QLatin1String judged = {};
  QLatin1String limit = {};                     ///< metric of a limit, shown behind the value as "/ 200"
  QLatin1String usedPercent = {};               ///< metric of a bar below the sparkline
  /// The value where it is not simply the newest; may be null.
  double (*value)(const History& history, const TimeSpan& span) = nullptr;
  /// Quiet words behind the delta ("since start 93.1 %"); null = "vs 15 min ago".
  QString (*detail)(const History& history) = nullptr;
};

std::span<const TileInfo> tileCatalog();

/// What a tile shows at one moment.
struct TileFigures {
  Quantity value;
  QString limit;                                ///< "/ 200", or empty
  enum class Trend { None, Up, Down, Steady } trend = Trend::None;
  Level trendLevel = Level::Good;               ///< Warning where the change goes the bad way
  bool trendJudged = false;
  QString delta, detail;
  Level level = Level::Good;
  double usedPercent = NAN;
  std::vector<Bucket> spark;
  bool isKnown = false;
};
TileFigures tileFigures(const TileInfo& tile, const History& history, const TimeSpan& span, int sparkPixels);

}  // namespace cachedeck
