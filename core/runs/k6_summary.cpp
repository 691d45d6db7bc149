// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_summary.h"

#include "core/runs/json_numbers.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace cachedeck::runs {

namespace {

constexpr qsizetype longestName = 500;
constexpr std::size_t mostMetrics = 5000, mostRows = 1000;
constexpr int deepest = 16;

K6Values valuesOf(const QJsonObject& metric) {
  K6Values values;
  for (auto one = metric.begin(); one != metric.end(); ++one)
    if (one.value().isDouble()) values[one.key().left(longestName).toStdString()] = one.value().toDouble();
  // A rate's share is called "value" here, a gauge's too: only a rate has passes.
  if (values.contains("passes") && values.contains("value")) values["rate"] = values["value"];
  return values;
}

// k6 writes true where the threshold FAILED; in the form of handleSummary it is {"ok": passed}.
bool passedOf(const QJsonValue& verdict) { return verdict.isObject() ? verdict[QLatin1String("ok")].toBool() : !verdict.toBool(true); }

void readThresholds(const QString& metric, const QJsonObject& thresholds, K6Summary& summary) {
  const std::string name = metric.toStdString();
  for (auto one = thresholds.begin(); one != thresholds.end() && summary.thresholds.size() < mostRows; ++one) {
    const std::string expression = one.key().left(longestName).toStdString();
    const std::optional<double> reading = thresholdReading(summary.metrics, name, expression);
    summary.thresholds.push_back({name, expression, passedOf(one.value()), reading.has_value(), reading.value_or(0)});
  }
}

/// Checks and groups are objects by name, or lists in older and newer forms: both are walked alike.
template <typename Take>
void eachIn(const QJsonValue& objectOrList, Take take) {
  if (objectOrList.isObject()) {
    const QJsonObject object = objectOrList.toObject();
    for (auto one = object.begin(); one != object.end(); ++one) take(one.value());
  }
  const QJsonArray list = objectOrList.toArray();
  for (const QJsonValue& one : list) take(one);
}

void readChecks(const QJsonValue& group, int depth, std::vector<load::CheckFigures>& checks) {
  eachIn(group[QLatin1String("checks")], [&](const QJsonValue& check) {
    if (checks.size() < mostRows)
      checks.push_back({check[QLatin1String("name")].toString().left(longestName).toStdString(), countOf(check[QLatin1String("passes")]), countOf(check[QLatin1String("fails")])});
  });
  if (depth < deepest) eachIn(group[QLatin1String("groups")], [&](const QJsonValue& below) { readChecks(below, depth + 1, checks); });
}

}  // namespace

Result<K6Summary> parseK6Summary(const QByteArray& json) {
  const QJsonObject root = QJsonDocument::fromJson(json).object();
  const QJsonObject metrics = root[QLatin1String("metrics")].toObject();
  if (metrics.isEmpty()) return fail(Error::Kind::Protocol, QStringLiteral("k6's summary holds no metrics"));
  K6Summary summary;
  for (auto one = metrics.begin(); one != metrics.end() && summary.metrics.size() < mostMetrics; ++one) {
    const QString name = one.key().left(longestName);
    K6Values values = valuesOf(one.value().toObject());
    if (!values.empty()) summary.metrics[name.toStdString()] = std::move(values);
    readThresholds(name, one.value()[QLatin1String("thresholds")].toObject(), summary);
  }
  readChecks(root[QLatin1String("root_group")], 0, summary.checks);
  return summary;
}

void takeSummary(const K6Summary& summary, load::RunFigures& figures) {
  takeMetrics(summary.metrics, figures);
  figures.users = 0;
  figures.checks = summary.checks;
  figures.thresholds = summary.thresholds;
  // k6's own length of the run, which its rates stand on.
  const auto requests = summary.metrics.find("http_reqs");
  if (requests == summary.metrics.end()) return;
  const auto count = requests->second.find("count"), rate = requests->second.find("rate");
  if (count == requests->second.end() || rate == requests->second.end() || !(rate->second > 0) || !(count->second > 0)) return;
  if (const auto elapsed = fitted<std::int64_t>(std::round(1000 * count->second / rate->second)); elapsed > 0) figures.elapsedMs = elapsed;
}

}  // namespace cachedeck::runs
