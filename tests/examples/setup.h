// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/cache_aside.h"
#include "core/cacheaside/pool.h"

#include <memory>
#include <string>

/// A pool, a Redis backend and the cache over it, as a service makes them at its start.
struct Setup {
  std::unique_ptr<cachedeck::cacheaside::Pool> pool;
  std::unique_ptr<cachedeck::cacheaside::Backend> backend;
  std::unique_ptr<cachedeck::cacheaside::CacheAside> cache;  // after the backend: destroyed before it
};

cachedeck::cacheaside::Outcome<Setup> makeSetup(const std::string& conninfo, const std::string& redisUrl);

/// "hits 2, misses 1 …; pool 1 of 20 open" for a log or a metrics endpoint.
std::string figures(const Setup& setup);
