// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1String>
#include <QString>

#include <limits>
#include <span>

namespace cachedeck {

/// The unit of a metric's values; the one formatter (format.h) turns both into text.
enum class Unit { None, Count, PerSecond, Percent, Bytes, BytesPerSecond, Seconds };

/// How a reading is judged against its two thresholds.
enum class Judge { None, HighIsBad, LowIsBad };

/// A metric, described once: pages, commands, exports, tooltips and tests all read this row.
struct MetricInfo {
  QLatin1String id;           ///< "redis.hit_ratio": source (or "app", the service), dot, name; stable, used in JSON
  const char* name;           ///< short, for legends and tiles (translatable)
  Unit unit;
  const char* description;    ///< one sentence with the field it comes from (translatable)
  Judge judge = Judge::None;
  double warning = std::numeric_limits<double>::quiet_NaN();
  double critical = std::numeric_limits<double>::quiet_NaN();
  /// Range query that gives the same figure from Prometheus, with $selector for the label matchers and $window for the
  /// rate window; empty where no exporter has it.
  const char* promql = "";
};

/// Every metric, sorted as pages list them.
std::span<const MetricInfo> metricCatalog();
/// The row of an id, or nullptr.
const MetricInfo* findMetric(QLatin1String id);
/// The source in whose samples a metric is: the word before the dot, and "prometheus" for "app.", which it scrapes.
QLatin1String sourceOf(const MetricInfo& metric);

/// Good, Warning or Critical; Good where the metric has no thresholds or the value is NaN.
enum class Level { Good, Warning, Critical };
Level judge(const MetricInfo& metric, double value);

}  // namespace cachedeck
