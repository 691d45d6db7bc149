// SPDX-License-Identifier: GPL-3.0-or-later
#include "setup.h"

#include "core/cacheaside/redis_backend.h"

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;

Outcome<Setup> makeSetup(const std::string& conninfo, const std::string& redisUrl) {
  auto options = poolMode("staging");
  if (!options) return options.error();
  if (auto done = overrideField(*options, "max_open", "20"); !done) return done.error();
  auto pool = Pool::make(conninfo, *options);  // validates; connects when first needed
  if (!pool) return pool.error();

  auto redis = redisSettings(redisUrl);
  if (!redis) return redis.error();
  auto backend = std::make_unique<RedisBackend>(*redis);
  auto cache = std::make_unique<CacheAside>(*backend, std::vector<ClassPolicy>{{"product", 5min, 0.1}, {"stock", 30s, 0.1}});
  return Setup{std::move(*pool), std::move(backend), std::move(cache)};
}

std::string figures(const Setup& setup) {
  std::string text;
  for (CacheAside::ClassId id = 0; id < setup.cache->classes().size(); ++id) {
    const ClassStats stats = setup.cache->stats(id);
    text += setup.cache->classes()[id].name + ": hits " + std::to_string(stats.hits) + ", misses " + std::to_string(stats.misses) + ", bypassed " +
            std::to_string(stats.bypassed) + "; ";
  }
  const PoolStats pool = setup.pool->stats();
  return text + "pool: " + std::to_string(pool.open) + " of " + std::to_string(pool.maxOpen) + " open, " + std::to_string(pool.inUse) + " in use";
}
