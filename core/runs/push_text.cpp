// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/json_numbers.h"
#include "core/runs/push.h"
#include "core/runs/reports.h"
#include "core/runs/run_outcome.h"
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/load/step_latency.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace cachedeck::runs {

namespace {

using prometheus::Labels;

/// Gauges with the run's labels.
class Gauges {
 public:
  explicit Gauges(Labels labels) : m_labels(std::move(labels)) {}

  void set(const char* name, const char* help, double value, const Labels& more = {}) {
    prometheus::BuildGauge().Name(std::string("cachedeck_load_") + name).Help(help).Labels(m_labels).Register(m_registry).Add(more).Set(value);
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(m_registry.Collect()); }

 private:
  const Labels m_labels;
  prometheus::Registry m_registry;
};

void addLatency(const load::StepFigures& all, Gauges& gauges) {
  if (!load::isTimed(all)) return;
  const char* const help = "Latency of all requests, from their intended send time where the scenario has a rate.";
  const std::pair<double, const char*> quantiles[] = {{50, "0.5"}, {95, "0.95"}, {99, "0.99"}, {100, "1"}};
  for (const auto& [percent, quantile] : quantiles)
    if (const double ns = load::percentileNs(all, percent); std::isfinite(ns)) gauges.set("duration_seconds", help, ns / 1e9, {{"quantile", quantile}});
  gauges.set("duration_mean_seconds", "Mean latency of all requests.", load::meanNs(all) / 1e9);
}

void addCounts(const load::RunFigures& figures, Gauges& gauges) {
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  gauges.set("requests_total", "Requests of the run.", number(figures.all.requests));
  gauges.set("errors_total", "Failed requests of the run.", number(figures.all.failed));
  gauges.set("dropped_iterations_total", "Iterations that had no free user when they were due.", number(figures.dropped));
  gauges.set("requests_per_second", "Throughput of the run.", figures.perSecond());
  if (figures.all.requests) gauges.set("error_ratio", "Failed requests over all requests.", number(figures.all.failed) / number(figures.all.requests));
  if (figures.hitRatio() >= 0) gauges.set("hit_ratio", "Answers from the cache over all that said hit or miss.", figures.hitRatio());
}

void addSteps(const load::RunFigures& figures, Gauges& gauges) {
  if (figures.steps.size() < 2) return;
  for (const load::StepFigures& step : figures.steps)
    if (load::isTimed(step))
      gauges.set("step_duration_seconds", "95 % of a step's requests were answered within this time.", load::percentileNs(step, 95) / 1e9,
                 {{"step", printable(textOf(step.name), 60).toStdString()}, {"quantile", "0.95"}});
}

Labels labelsOf(const RunRecord& record) {
  return {{"target", withoutUserInfo(record.url).toStdString()}, {"profile", redact(printable(record.profile, 64)).toStdString()}};
}

}  // namespace

std::string pushedText(const RunRecord& record) {
  const load::RunFigures& figures = record.figures;
  Gauges gauges(labelsOf(record));
  addLatency(figures.all, gauges);
  addCounts(figures, gauges);
  addSteps(figures, gauges);
  const RunOutcome outcome = outcomeOf(record);
  gauges.set("verdict", "1: every threshold passed and the run came to its end; 0: not.", outcome == RunOutcome::Passed || outcome == RunOutcome::NotJudged ? 1 : 0);
  gauges.set("valid", "0: the load generator was the bottleneck, or the run broke off.", invalidReason(record).isEmpty() ? 1 : 0);
  gauges.set("started_timestamp_seconds", "When the run began, in seconds since the Unix epoch.", static_cast<double>(figures.startedMs) / 1000);
  gauges.set("elapsed_seconds", "How long the run took.", static_cast<double>(figures.elapsedMs) / 1000);
  return gauges.text();
}

}  // namespace cachedeck::runs
