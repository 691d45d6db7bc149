// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_metrics.h"

#include "core/runs/json_numbers.h"
#include "core/runs/step_json.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace cachedeck::runs {

using load::RunFigures;
using load::StepFigures;
using load::TrendFigures;

namespace {

const double* find(const K6Metrics& metrics, const std::string& metric, std::string_view value) {
  const auto values = metrics.find(metric);
  if (values == metrics.end()) return nullptr;
  const auto found = values->second.find(value);
  return found == values->second.end() ? nullptr : &found->second;
}

double valueOr(const K6Metrics& metrics, const std::string& metric, std::string_view value, double otherwise) {
  const double* const found = find(metrics, metric, value);
  return found ? *found : otherwise;
}

template <typename T>
void take(const K6Metrics& metrics, const std::string& metric, std::string_view value, T& into) {
  if (const double* const found = find(metrics, metric, value)) into = fitted<T>(*found);
}

/// Of all requests "http_req_failed" says which share failed; k6 names those that did "passes".
std::uint64_t failedOf(const K6Metrics& metrics, const std::string& tag, std::uint64_t requests) {
  const std::string metric = "http_req_failed" + tag;
  if (const double* const exact = find(metrics, metric, "passes")) return std::min(requests, fitted<std::uint64_t>(*exact));
  return std::min(requests, fitted<std::uint64_t>(std::round(valueOr(metrics, metric, "rate", 0) * static_cast<double>(requests))));
}

std::optional<TrendFigures> trendOf(const K6Metrics& metrics, const std::string& metric) {
  const auto values = metrics.find(metric);
  if (values == metrics.end()) return std::nullopt;
  const auto of = [&](std::string_view name) { return valueOr(metrics, metric, name, TrendFigures::unknown); };
  return TrendFigures{of("avg"), of("min"), of("med"), of("p(90)"), of("p(95)"), of("p(99)"), of("max")};
}

void takeStep(const K6Metrics& metrics, const std::string& tag, StepFigures& step) {
  take(metrics, "http_reqs" + tag, "count", step.requests);
  step.failed = failedOf(metrics, tag, step.requests);
  take(metrics, "cache_hits" + tag, "passes", step.hits);
  take(metrics, "cache_hits" + tag, "fails", step.misses);
  take(metrics, "data_received" + tag, "count", step.bytesIn);
  take(metrics, "data_sent" + tag, "count", step.bytesOut);
  if (auto trend = trendOf(metrics, "http_req_duration" + tag)) step.trend = *trend;
}

/// Null where there are too many.
StepFigures* stepNamed(const std::string& name, RunFigures& figures) {
  for (StepFigures& step : figures.steps)
    if (step.name == name) return &step;
  if (figures.steps.size() >= static_cast<std::size_t>(mostSteps)) return nullptr;
  figures.steps.emplace_back().name = name;
  return &figures.steps.back();
}

void takeSteps(const K6Metrics& metrics, RunFigures& figures) {
  constexpr std::string_view before = "http_reqs{step:";
  for (auto metric = metrics.lower_bound(before); metric != metrics.end() && metric->first.starts_with(before); ++metric) {
    if (!metric->first.ends_with('}')) continue;
    const std::string name = metric->first.substr(before.size(), metric->first.size() - before.size() - 1);
    if (StepFigures* const step = stepNamed(name, figures)) takeStep(metrics, "{step:" + name + "}", *step);
  }
}

}  // namespace

void takeMetrics(const K6Metrics& metrics, RunFigures& figures) {
  takeStep(metrics, {}, figures.all);
  takeSteps(metrics, figures);
  take(metrics, "iterations", "count", figures.iterations);
  take(metrics, "dropped_iterations", "count", figures.dropped);
  take(metrics, "vus", "value", figures.users);
  int most = figures.users;
  take(metrics, "vus", "max", most);
  figures.mostUsers = std::max({figures.mostUsers, figures.users, most});
}

load::SecondFigures secondOf(const K6Metrics& period, std::int64_t fromMs, std::int64_t widthMs) {
  load::SecondFigures second;
  second.fromMs = fromMs;
  second.widthMs = widthMs;
  take(period, "http_reqs", "count", second.requests);
  second.failed = failedOf(period, {}, second.requests);
  take(period, "dropped_iterations", "count", second.dropped);
  take(period, "iterations", "count", second.iterations);
  take(period, "data_received", "count", second.bytesIn);
  take(period, "data_sent", "count", second.bytesOut);
  take(period, "vus", "value", second.users);
  take(period, "http_req_duration", "avg", second.meanMs);
  take(period, "http_req_duration", "med", second.p50Ms);
  take(period, "http_req_duration", "p(95)", second.p95Ms);
  take(period, "http_req_duration", "p(99)", second.p99Ms);
  take(period, "http_req_duration", "max", second.maxMs);
  return second;
}

std::optional<double> thresholdReading(const K6Metrics& metrics, const std::string& metric, const std::string& expression) {
  std::string method = expression.substr(0, expression.find_first_of("<>=!"));
  std::erase_if(method, [](char c) { return c == ' ' || c == '\t'; });
  const double* const found = find(metrics, metric, method);
  return found ? std::optional<double>(*found) : std::nullopt;
}

}  // namespace cachedeck::runs
