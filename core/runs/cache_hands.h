// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/load_run.h"
#include "core/profiles/profile.h"
#include "core/sources/redis/redis_options.h"

#include <optional>

namespace cachedeck::runs {

/// Whose cache a scenario may touch.
struct CacheOwner {
  QString profile;
  Environment environment = Environment::Production;
  std::optional<RedisOptions> redis;
  qint64 sandboxRedis = 0;  ///< pid of a sandbox's Redis, which may be paused; 0: it is none
  QString stateFolder;      ///< journal, plans and operations
  QString configFolder;     ///< state.key
};

/// What a scenario may do to the cache: empty prefixes as planned, journaled deletions without undo, never on a production profile; pause the Redis of a sandbox.
/// Who starts a run has seen what it does; a scenario cannot type, so that the count of each deletion is confirmed for it.
load::CacheHands cacheHands(const CacheOwner& owner);

}  // namespace cachedeck::runs
