// SPDX-License-Identifier: GPL-3.0-or-later
// Records of runs as a load engine would have left them.
#pragma once

#include "core/runs/run_record.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace cachedeck::test {

/// What a made-up service answers like.
struct Service {
  double medianMs = 20, sigma = 0.5;  ///< lognormal latency
  int perSecond = 200, seconds = 30;
  double hitRatio = 0.8, errorRatio = 0;
  double drift = 0;      ///< how much the level of seconds wanders (AR(1) on its logarithm): requests of one second resemble each other
  bool ramp = false;     ///< the latency doubles over the run
};

inline double rankOf(std::vector<double>& sorted, double percent) { return sorted[static_cast<std::size_t>(percent / 100 * static_cast<double>(sorted.size() - 1))]; }

inline load::SecondFigures secondOf(std::vector<double>& ms, qint64 fromMs) {
  load::SecondFigures second;
  second.fromMs = fromMs;
  second.requests = ms.size();
  second.iterations = ms.size();
  if (ms.empty()) return second;
  std::ranges::sort(ms);
  for (const double one : ms) second.meanMs += one / static_cast<double>(ms.size());
  second.p50Ms = rankOf(ms, 50);
  second.p95Ms = rankOf(ms, 95);
  second.p99Ms = rankOf(ms, 99);
  second.maxMs = ms.back();
  second.users = 5;
  return second;
}

inline runs::RunRecord recordOf(const Service& service, unsigned seed, qint64 startedMs = 1'795'922'000'000) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0, 1);
  runs::RunRecord record;
  record.id = runs::newRunId(startedMs);
  record.scenario = QStringLiteral("warm-cache");
  record.url = QStringLiteral("http://127.0.0.1:8080");
  record.host.name = QStringLiteral("bench");
  load::RunFigures& figures = record.figures;
  figures.startedMs = startedMs;
  figures.elapsedMs = qint64{1000} * service.seconds;
  figures.state = load::RunFigures::State::Ended;
  figures.end = load::RunFigures::End::Completed;
  double level = 0;
  for (int s = 0; s < service.seconds; ++s) {
    level = 0.5 * level + service.drift * normal(random);
    std::vector<double> ms;
    std::uint64_t hits = 0, failed = 0;
    for (int i = 0; i < service.perSecond; ++i) {
      const double ramped = service.ramp ? 1 + static_cast<double>(s) / service.seconds : 1;
      ms.push_back(service.medianMs * ramped * std::exp(level + service.sigma * normal(random)));
      figures.all.latency.add(static_cast<std::int64_t>(ms.back() * 1e6));
      hits += uniform(random) < service.hitRatio ? 1 : 0;
      failed += uniform(random) < service.errorRatio ? 1 : 0;
    }
    load::SecondFigures second = secondOf(ms, 1000 * s);
    second.hits = hits;
    second.misses = second.requests - hits;
    second.failed = failed;
    figures.seconds.push_back(second);
    figures.all.requests += second.requests;
    figures.all.hits += second.hits;
    figures.all.misses += second.misses;
    figures.all.failed += second.failed;
  }
  figures.all.name = "all";
  figures.failures[static_cast<std::size_t>(load::FailureKind::Status)] = figures.all.failed;
  figures.iterations = figures.all.requests;
  figures.users = figures.mostUsers = 5;
  return record;
}

}  // namespace cachedeck::test
