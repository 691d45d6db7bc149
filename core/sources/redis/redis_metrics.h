// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/own_lookups.h"
#include "core/sources/redis/redis_info.h"

#include <QLatin1String>

#include <span>
#include <utility>
#include <vector>

namespace cachedeck {

/// A metric that is one field of INFO: as it stands, or its growth per second.
struct InfoMetric {
  enum class How { Gauge, Rate };
  QLatin1String id;
  const char* field;
  How how;
};
std::span<const InfoMetric> redisInfoMetrics();

/// The figures of one step.
struct RedisFigures {
  std::vector<std::pair<QLatin1String, double>> values;
  /// The counters started anew since `previous`, so that nothing in `values` is a difference.
  bool restarted = false;
};

/// Look-ups of this program's own that are in the counters of a reading: in all of them, and in their growth since the reading before.
struct OwnShare {
  LookupCounts total{}, grown{};
};

/// The figures of `current` and, where there is a reading `elapsedSeconds` before it, the rates between both. A restart
/// is another run_id, a shorter uptime, or any counter that went backwards (CONFIG RESETSTAT). `own` look-ups are left out of hits, misses and hit ratios, which
/// never fall below none for it.
RedisFigures deriveSample(const RedisInfo* previous, const RedisInfo& current, double elapsedSeconds, const OwnShare& own = {});

}  // namespace cachedeck
