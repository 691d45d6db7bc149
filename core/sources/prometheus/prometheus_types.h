// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

namespace cachedeck {

using PromLabels = QMap<QString, QString>;

/// One time series of a result: points are (Unix seconds, value), ascending; NaN and ±Inf as the server said them.
struct PromSeries {
  PromLabels labels;  ///< "__name__" among them where the query keeps it
  std::vector<std::pair<double, double>> points;
};

/// The result of a query: one point a series for an instant query, and one series without labels for a scalar.
struct PromResult {
  std::vector<PromSeries> series;  ///< at most 1,000
  QStringList warnings;            ///< warnings and infos of the server, and what was left out here
};

/// A scrape target (/api/v1/targets).
struct PromTarget {
  PromLabels labels;
  QString pool;
  QString scrapeUrl;
  QString health;  ///< "up", "down" or "unknown"
  QString lastError;
  double scrapeIntervalSeconds = 0;  ///< 0 when the server does not tell
  double lastScrapeSeconds = 0;      ///< how long the last scrape took
};

/// One alert that is pending or firing.
struct PromAlert {
  PromLabels labels;
  PromLabels annotations;
  QString state;  ///< "pending" or "firing"
  qint64 activeAtMs = 0;
  double value = 0;
};

/// An alerting or recording rule (/api/v1/rules).
struct PromRule {
  QString type;  ///< "alerting" or "recording"
  QString name;
  QString query;
  QString state;   ///< "inactive", "pending", "firing"; empty for a recording rule
  QString health;  ///< "ok", "err" or "unknown"
  QString lastError;
  double holdSeconds = 0;  ///< the rule's "for"
  PromLabels labels;
  PromLabels annotations;
  std::vector<PromAlert> alerts;
};

struct PromRuleGroup {
  QString name;
  QString file;
  double intervalSeconds = 0;
  std::vector<PromRule> rules;
};

/// Who answers the Prometheus API.
struct PromBuild {
  QString product = QStringLiteral("Prometheus API");  ///< "Prometheus", "Thanos", "Grafana Mimir", "VictoriaMetrics"
  QString version;
};

}  // namespace cachedeck
