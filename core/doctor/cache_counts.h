// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"

namespace cachedeck::doctor {

/// What Redis counted over a while; NaN where it is not known.
struct CacheCounts {
  double hits = unknown, misses = unknown, evicted = unknown, expired = unknown, stores = unknown;
  double flushes = 0;          ///< FLUSHALL and FLUSHDB
  double refused = 0;          ///< stores for which there was no memory (OOM)
  const char* over = "";       ///< "in five minutes"
  bool isOld = false;          ///< since the server started, long ago: of what happens now they tell nothing
  double lookups() const { return hits + misses; }
};

/// A ratio of fewer look-ups says nothing.
inline constexpr double fewestLookups = 50;

/// Five minutes as the alert has them; without them, or where they are too quiet, what was seen between the looks; else since the server started.
CacheCounts cacheCounts(const Evidence& evidence);

/// Refused in the last five minutes, or while it was looked at.
double refusedNow(const Evidence& evidence);

/// Used as good as all of its memory.
bool isFull(const RedisInfo& info);

}  // namespace cachedeck::doctor
