// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/tst_run_support.h"

#include <memory>

namespace cachedeck::test {

constexpr qint64 startedMs = 1'795'922'000'000, minute = 60'000;

/// A run of two steps that passed its threshold, on a service that answers in about `medianMs`.
inline std::shared_ptr<runs::RunRecord> keptRun(double medianMs, unsigned seed, qint64 ms) {
  Service service;
  service.medianMs = medianMs;
  auto run = std::make_shared<runs::RunRecord>(recordOf(service, seed, ms));
  run->cache = QStringLiteral("redis");
  run->figures.steps = {run->figures.all, run->figures.all};
  run->figures.steps[0].name = "list";
  run->figures.steps[1].name = "one";
  run->figures.thresholds.push_back({.metric = "http_req_duration", .expression = "p(95)<80", .passed = true, .known = true, .value = 45});
  return run;
}

}  // namespace cachedeck::test
