// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/step_json.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/runs/json_numbers.h"

#include <QJsonArray>

namespace cachedeck::runs {

using load::Histogram;
using load::StepFigures;

namespace {

QJsonObject histogramToJson(const Histogram& histogram) {
  QJsonArray cells;
  for (const auto& [cell, count] : histogram.cells()) {
    cells.append(static_cast<qint64>(cell));
    cells.append(countValue(count));
  }
  return {{QStringLiteral("cells"), cells},
          {QStringLiteral("sum_ns"), numberValue(histogram.sumNs())},
          {QStringLiteral("min_ns"), countValue(histogram.minNs())},
          {QStringLiteral("max_ns"), countValue(histogram.maxNs())}};
}

bool readHistogram(const QJsonObject& json, Histogram& histogram) {
  const QJsonArray flat = json[QLatin1String("cells")].toArray();
  if (flat.size() % 2 != 0) return false;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> cells;
  cells.reserve(static_cast<std::size_t>(flat.size() / 2));
  for (qsizetype i = 0; i < flat.size(); i += 2) {
    const double cell = flat[i].toDouble(-1), count = flat[i + 1].toDouble(-1);
    if (!(cell >= 0 && count >= 1)) return false;
    cells.emplace_back(fitted<std::uint32_t>(cell), fitted<std::uint64_t>(count));
  }
  const double sum = std::max(0.0, numberOf(json[QLatin1String("sum_ns")]));
  return histogram.restore(cells, sum, countOf(json[QLatin1String("min_ns")]), countOf(json[QLatin1String("max_ns")]));
}

struct TrendColumn {
  const char* name;
  double load::TrendFigures::*value;
};
constexpr TrendColumn trendColumns[] = {{"mean_ms", &load::TrendFigures::meanMs}, {"min_ms", &load::TrendFigures::minMs}, {"p50_ms", &load::TrendFigures::p50Ms}, {"p90_ms", &load::TrendFigures::p90Ms},
                                        {"p95_ms", &load::TrendFigures::p95Ms},   {"p99_ms", &load::TrendFigures::p99Ms}, {"max_ms", &load::TrendFigures::maxMs}};

QJsonObject trendToJson(const load::TrendFigures& trend) {
  QJsonObject json;
  for (const TrendColumn& column : trendColumns) json[QLatin1String(column.name)] = numberValue(trend.*column.value);
  return json;
}

std::optional<load::TrendFigures> readTrend(const QJsonValue& json) {
  if (!json.isObject()) return std::nullopt;
  load::TrendFigures trend;
  for (const TrendColumn& column : trendColumns)
    if (const double ms = json[QLatin1String(column.name)].toDouble(-1); ms >= 0) trend.*column.value = ms;
  return trend;
}

}  // namespace

QJsonObject stepToJson(const StepFigures& step) {
  QJsonObject json{{QStringLiteral("name"), redact(textOf(step.name))},
          {QStringLiteral("requests"), countValue(step.requests)},
          {QStringLiteral("failed"), countValue(step.failed)},
          {QStringLiteral("hits"), countValue(step.hits)},
          {QStringLiteral("misses"), countValue(step.misses)},
          {QStringLiteral("bytes_in"), countValue(step.bytesIn)},
          {QStringLiteral("bytes_out"), countValue(step.bytesOut)},
          {QStringLiteral("latency"), histogramToJson(step.latency)}};
  if (step.trend) json[QLatin1String("trend")] = trendToJson(*step.trend);
  return json;
}

Result<StepFigures> stepFromJson(const QJsonValue& value) {
  if (!value.isObject()) return fail(Error::Kind::Protocol, QStringLiteral("its figures of all requests, or of a step, are missing"));
  StepFigures step;
  step.name = value[QLatin1String("name")].toString().toStdString();
  step.requests = countOf(value[QLatin1String("requests")]);
  step.failed = std::min(step.requests, countOf(value[QLatin1String("failed")]));
  step.hits = countOf(value[QLatin1String("hits")]);
  step.misses = countOf(value[QLatin1String("misses")]);
  step.bytesIn = countOf(value[QLatin1String("bytes_in")]);
  step.bytesOut = countOf(value[QLatin1String("bytes_out")]);
  step.trend = readTrend(value[QLatin1String("trend")]);
  if (readHistogram(value[QLatin1String("latency")].toObject(), step.latency)) return step;
  return fail(Error::Kind::Protocol, QStringLiteral("the latencies of “%1” are not cells of a histogram").arg(printable(textOf(step.name), 60)));
}

}  // namespace cachedeck::runs
