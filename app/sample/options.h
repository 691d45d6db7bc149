// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/classes.h"
#include "core/cacheaside/pool_options.h"
#include "core/cacheaside/redis_backend.h"

#include <cstdint>
#include <variant>

namespace cachedeck::sample {

/// Threads of the HTTP server: as many as there are processors, from 2 to 8. More only take turns, at a price for each hit.
int usualThreads();

/// How the service was started.
struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string postgres;  ///< for libpq; empty: its environment says
  std::string cache = "redis";
  cacheaside::RedisSettings redis;
  std::string poolMode = "dev";
  cacheaside::PoolOptions pool;
  std::vector<cacheaside::ClassPolicy> classes = cacheaside::referenceClasses();
  long rows = 10000;
  std::chrono::microseconds queryCost{20000};
  std::chrono::milliseconds wait{10000};
  int threads = usualThreads();
  bool reseed = false;
  std::string user = "demo";
};

/// What to print instead, and with which code to exit: 0 after --help and --version, 2 when an option is wrong.
struct Ending {
  int code = 0;
  std::string text;
};
std::variant<Options, Ending> readOptions(const std::vector<std::string>& arguments);

/// "20ms", "1.5s", "250us", "2min"; a number alone means seconds.
cacheaside::Outcome<std::chrono::microseconds> readSpan(const std::string& text);

}  // namespace cachedeck::sample
