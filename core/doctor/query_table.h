// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace cachedeck::doctor {

/// A question to Prometheus whose answer is evidence; $redis and $app stand for the profile's selectors.
struct Question {
  const char* id;
  const char* promql;
};

std::span<const Question> questionTable();

/// Series of an exporter that dashboards and alerts read.
struct NeededSeries {
  const char* kind;  ///< "redis", "postgres"
  const char* name;
};

std::span<const NeededSeries> neededSeries();

/// Names of one figure: what exporters of now call it, and what others called it.
struct RenamedSeries {
  const char* now;
  const char* before;
};

std::span<const RenamedSeries> renamedSeries();

}  // namespace cachedeck::doctor
