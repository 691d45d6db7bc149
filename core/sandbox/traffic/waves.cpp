// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/waves.h"

#include "core/base/rest.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace cachedeck::traffic {

static double sine(double t, double period, double phase = 0) { return std::sin(2 * std::numbers::pi * (t / period + phase)); }

double readsPerSecond(double t) { return 250 + 65 * sine(t, 12.7) + 50 * sine(t, 47.3) + 25 * sine(t, 171); }

double coldShare(double t) {
  return std::clamp(0.12 + 0.06 * sine(t, 17.9, 0.3) + 0.05 * sine(t, 61.7, 0.1) + 0.02 * sine(t, 183), 0.03, 0.24);
}

double reportsPerSecond(double t) { return std::max(5.0, 25 + 12 * sine(t, 23.3, 0.6) + 8 * sine(t, 97)); }

bool batchRuns(double t) {
  constexpr double every = 31, from = 7, length = 4;
  const double inCycle = std::fmod(t, every);
  return inCycle >= from && inCycle < from + length;
}

double slowSeconds(double t) { return std::clamp(0.16 + 0.08 * sine(t, 13.1) + 0.06 * sine(t, 53), 0.05, 0.3); }

int zipfRank(int count, std::mt19937_64& random) {
  const double rank = std::pow(count + 1.0, between(0, 1, random)) - 1;
  return std::clamp(static_cast<int>(rank), 0, count - 1);
}

double trafficSeconds() {
  using namespace std::chrono;
  static const steady_clock::time_point start = steady_clock::now();
  return duration<double>(steady_clock::now() - start).count();
}

void nap(double seconds, std::stop_token stop) { restFor(std::chrono::duration<double>(std::max(0.0, seconds)), stop); }

double between(double low, double high, std::mt19937_64& random) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

}  // namespace cachedeck::traffic
