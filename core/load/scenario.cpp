// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/scenario.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

namespace {

// What lasts at all still lasts a millisecond.
Millis scaledTime(Millis time, double factor) {
  if (time.count() <= 0) return time;
  return Millis{std::max<std::int64_t>(1, std::llround(static_cast<double>(time.count()) * factor))};
}

void scaleThinking(std::vector<Step>& steps, double factor) {
  for (Step& step : steps) {
    step.think.least = scaledTime(step.think.least, factor);
    step.think.most = scaledTime(step.think.most, factor);
  }
}

}  // namespace

Millis lengthOf(const Executor& executor) {
  switch (executor.kind) {
    case ExecutorKind::ConstantVus:
    case ExecutorKind::ConstantArrivalRate: return executor.duration;
    case ExecutorKind::SharedIterations:
    case ExecutorKind::PerVuIterations: return executor.maxDuration;
    default: break;
  }
  Millis sum{0};
  for (const Stage& stage : executor.stages) sum += stage.duration;
  return sum;
}

Scenario scaled(Scenario scenario, double factor) {
  if (!(factor > 0) || factor == 1) return scenario;
  Executor& executor = scenario.executor;
  executor.duration = scaledTime(executor.duration, factor);
  for (Stage& stage : executor.stages) stage.duration = scaledTime(stage.duration, factor);
  scaleThinking(scenario.setup, factor);
  scaleThinking(scenario.steps, factor);
  for (Event& event : scenario.events) {
    // Rounded on its own, an event at the very end must not fall behind it.
    event.at = std::min(scaledTime(event.at, factor), lengthOf(executor));
    event.lasts = scaledTime(event.lasts, factor);
  }
  for (ThresholdRule& rule : scenario.thresholds) rule.delayAbortEval = scaledTime(rule.delayAbortEval, factor);
  return scenario;
}

}  // namespace cachedeck::load
