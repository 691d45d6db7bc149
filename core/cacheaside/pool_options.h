// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <chrono>
#include <span>
#include <string_view>

namespace cachedeck::cacheaside {

/// The limits of a connection pool. A time of zero means: no such limit.
struct PoolOptions {
  int maxOpen = 10;                               ///< connections at most, in use and idle together
  int maxIdle = 2;                                ///< idle ones kept at most
  std::chrono::milliseconds maxLifetime{0};       ///< a connection older than this is closed once nobody uses it
  std::chrono::milliseconds maxIdleTime{0};       ///< an idle connection unused for this long is closed
  std::chrono::milliseconds connectTimeout{3000}; ///< for opening one connection
  int warningOpen = 0;                            ///< open connections from which on the pool warns; 0: 80 % of maxOpen, rounded up
  int criticalOpen = 0;                           ///< … is critical; 0: 95 % of maxOpen, rounded up

  int warningAt() const;
  int criticalAt() const;
};

/// A named set of limits: "dev", "staging", "prod", as the reference system has them.
struct PoolMode {
  std::string_view name;
  PoolOptions options;
};
std::span<const PoolMode> poolModes();

/// The options of a mode. Usage names the modes there are.
Outcome<PoolOptions> poolMode(std::string_view name);

/// Overrides one field by its name ("max_open", "max_idle", "max_lifetime", "max_idle_time", "connect_timeout", "warning_open",
/// "critical_open"). Times are written 500ms, 90s, 10min, 1h, 0; a number alone means seconds. Usage names the field and what it takes.
Outcome<void> overrideField(PoolOptions& options, std::string_view field, std::string_view value);

/// Usage with the field, its value and what it must be: max_open < 1 or > 10,000, max_idle < 0, max_idle > max_open, a negative time,
/// connect_timeout of zero, thresholds outside 0 … max_open or in the wrong order.
Outcome<void> validate(const PoolOptions& options);

}  // namespace cachedeck::cacheaside
