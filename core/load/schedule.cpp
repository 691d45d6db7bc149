// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/schedule.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

namespace {

constexpr double nsPerMs = 1e6;

bool ramps(ExecutorKind kind) { return kind == ExecutorKind::RampingVus || kind == ExecutorKind::RampingArrivalRate; }

double perSecond(const Executor& executor, double rate) {
  return executor.timeUnit.count() > 0 ? rate * 1000 / static_cast<double>(executor.timeUnit.count()) : 0;
}

// Up, the count v is reached at T·(1 − (to − v)/(to − from)); down, a user stops one step later. Both are the same: `to` minus (or plus) the steps that are
// still to come, rounded up.
int usersWithin(std::int64_t from, std::int64_t to, std::int64_t at, std::int64_t length) {
  const std::int64_t difference = std::abs(to - from);
  const std::int64_t toCome = (difference * (length - at) + length - 1) / length;
  return static_cast<int>(to > from ? to - toCome : to + toCome);
}

int rampingUsersAt(const Executor& executor, Millis at) {
  std::int64_t from = executor.startVus, left = at.count();
  for (const Stage& stage : executor.stages) {
    const std::int64_t to = std::llround(stage.target), length = stage.duration.count();
    if (left < length) return usersWithin(from, to, left, length);
    left -= std::max<std::int64_t>(0, length);
    from = to;
  }
  return 0;
}

double rampingRateAt(const Executor& executor, Millis at) {
  double from = executor.startRate;
  std::int64_t left = at.count();
  for (const Stage& stage : executor.stages) {
    const std::int64_t length = stage.duration.count();
    if (left < length) return perSecond(executor, from + (stage.target - from) * static_cast<double>(left) / static_cast<double>(length));
    left -= std::max<std::int64_t>(0, length);
    from = stage.target;
  }
  return 0;
}

// How far into a stage of `length` the area under a line from `from` to `to` (a millisecond) reaches `area`. The form of the quadratic's root that
// divides by nothing which may be zero.
double timeOfArea(double area, double from, double to, double length) {
  if (area <= 0) return 0;
  const double root = std::sqrt(std::max(0.0, from * from + 2 * area * (to - from) / length));
  return from + root > 0 ? std::min(length, 2 * area / (from + root)) : length;
}

std::int64_t constantStartOf(const Executor& executor, std::int64_t index) {
  if (!(executor.rate > 0)) return -1;
  const double at = static_cast<double>(index) * static_cast<double>(executor.timeUnit.count()) / executor.rate;
  return at < static_cast<double>(executor.duration.count()) ? std::llround(at * nsPerMs) : -1;
}

// k6 counts the first iteration of a ramp when the area reaches one, not zero.
std::int64_t rampingStartOf(const Executor& executor, std::int64_t index) {
  const double unit = static_cast<double>(std::max<std::int64_t>(1, executor.timeUnit.count())), wanted = static_cast<double>(index) + 1;
  double from = executor.startRate / unit, done = 0;
  std::int64_t began = 0;
  for (const Stage& stage : executor.stages) {
    const double to = stage.target / unit, length = static_cast<double>(stage.duration.count());
    const double end = done + length * (from + to) / 2;
    // A whole number that rounding has put just beyond the end still belongs to the stage.
    if (length > 0 && wanted <= end * (1 + 1e-12)) return began * 1'000'000 + std::llround(timeOfArea(wanted - done, from, to, length) * nsPerMs);
    done = end;
    from = to;
    began += stage.duration.count();
  }
  return -1;
}

double highestOfRamp(const Executor& executor, double start) {
  for (const Stage& stage : executor.stages) start = std::max(start, stage.target);
  return start;
}

}  // namespace

bool isOpenModel(ExecutorKind kind) { return kind == ExecutorKind::ConstantArrivalRate || kind == ExecutorKind::RampingArrivalRate; }

const char* executorName(ExecutorKind kind) {
  switch (kind) {
    case ExecutorKind::ConstantVus: return "constant-vus";
    case ExecutorKind::RampingVus: return "ramping-vus";
    case ExecutorKind::ConstantArrivalRate: return "constant-arrival-rate";
    case ExecutorKind::RampingArrivalRate: return "ramping-arrival-rate";
    case ExecutorKind::SharedIterations: return "shared-iterations";
    case ExecutorKind::PerVuIterations: return "per-vu-iterations";
  }
  return "";
}

int usersAt(const Executor& executor, Millis at) {
  if (isOpenModel(executor.kind)) return 0;
  at = std::max(at, Millis{0});
  if (ramps(executor.kind)) return rampingUsersAt(executor, at);
  return at < lengthOf(executor) ? executor.vus : 0;
}

std::int64_t startOf(const Executor& executor, std::int64_t index) {
  if (index < 0 || !isOpenModel(executor.kind)) return -1;
  return ramps(executor.kind) ? rampingStartOf(executor, index) : constantStartOf(executor, index);
}

double rateAt(const Executor& executor, Millis at) {
  if (!isOpenModel(executor.kind)) return 0;
  at = std::max(at, Millis{0});
  if (ramps(executor.kind)) return rampingRateAt(executor, at);
  return at < executor.duration ? perSecond(executor, executor.rate) : 0;
}

double peakOf(const Executor& executor) {
  switch (executor.kind) {
    case ExecutorKind::RampingVus: return highestOfRamp(executor, executor.startVus);
    case ExecutorKind::RampingArrivalRate: return perSecond(executor, highestOfRamp(executor, executor.startRate));
    case ExecutorKind::ConstantArrivalRate: return perSecond(executor, executor.rate);
    default: return executor.vus;
  }
}

}  // namespace cachedeck::load
