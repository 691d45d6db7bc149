// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/rule_reading.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cachedeck {

namespace {

constexpr int mostRead = 200;
constexpr qsizetype mostValues = 50;
constexpr qint64 leastStepMs = 15'000, mostSteps = 6000;  // Prometheus gives 11,000 at most

/// Greater is nearer to the threshold, or further beyond.
double nearness(const RuleThreshold& threshold, double value) {
  const double reach = threshold.reach(value);
  return std::isnan(reach) ? -std::numeric_limits<double>::infinity() : reach;
}

void read(RuleReading& reading, PrometheusClient& client, const std::stop_token& stop) {
  const Result<PromResult> result = client.query(reading.threshold->measured, stop);
  if (!result) {
    reading.problem = result.error().message;
    return;
  }
  for (const PromSeries& series : result->series)
    if (!series.points.empty()) reading.values << RuleReading::Value{series.labels, series.points.back().second};
  std::stable_sort(reading.values.begin(), reading.values.end(),
                   [&](const RuleReading::Value& a, const RuleReading::Value& b) { return nearness(*reading.threshold, a.value) > nearness(*reading.threshold, b.value); });
  if (reading.values.size() > mostValues) reading.values.resize(mostValues);
}

}  // namespace

double RuleReading::reach() const { return threshold && !values.isEmpty() ? threshold->reach(values.front().value) : std::numeric_limits<double>::quiet_NaN(); }

Result<QList<RuleReading>> readRules(PrometheusClient& client, std::stop_token stop) {
  const Result<std::vector<PromRuleGroup>> groups = client.rules(stop);
  if (!groups) return groups.error();
  QList<RuleReading> readings;
  int count = 0;
  for (const PromRuleGroup& group : *groups)
    for (const PromRule& rule : group.rules) {
      if (rule.type != QLatin1String("alerting")) continue;
      RuleReading reading;
      reading.rule = rule;
      reading.group = group.name;
      reading.threshold = thresholdOf(rule.query);
      if (reading.threshold && count++ < mostRead) read(reading, client, stop);
      if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
      readings << std::move(reading);
    }
  return readings;
}

Result<QList<AlertBand>> alertHistory(PrometheusClient& client, qint64 fromMs, qint64 toMs, std::stop_token stop) {
  const qint64 stepMs = std::max(leastStepMs, (toMs - fromMs) / mostSteps);
  const Result<PromResult> result = client.queryRange(QStringLiteral("ALERTS{alertstate=\"firing\"}"), fromMs, toMs, stepMs, stop);
  if (!result) return result.error();
  QList<AlertBand> bands;
  for (const PromSeries& series : result->series) {
    PromLabels labels = series.labels;
    const QString name = labels.take(QStringLiteral("alertname")), severity = labels.value(QStringLiteral("severity"));
    labels.remove(QStringLiteral("__name__"));
    labels.remove(QStringLiteral("alertstate"));
    qint64 lastMs = 0;
    for (const auto& [seconds, value] : series.points) {
      const auto ms = static_cast<qint64>(seconds * 1000);
      if (lastMs == 0 || ms - lastMs > stepMs * 3 / 2) bands << AlertBand{name, severity, labels, ms, ms};
      bands.back().toMs = lastMs = ms;
    }
  }
  std::stable_sort(bands.begin(), bands.end(), [](const AlertBand& a, const AlertBand& b) { return a.fromMs < b.fromMs; });
  return bands;
}

}  // namespace cachedeck
