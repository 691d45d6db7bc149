// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cachedeck::cacheaside {

/// Longer times to live are taken as this, so that no sum of a clock and a TTL overflows.
inline constexpr std::chrono::milliseconds longestTtl = std::chrono::hours(24 * 3650);

/// One value to be cached.
struct Entry {
  std::string key;
  std::string value;
  std::chrono::milliseconds ttl;  ///< > 0
};

/// How long a removal may take whose caller does not say.
inline constexpr std::chrono::seconds usualRemovalTime{30};

/// Where cached values live. All functions may be called from many threads; each returns within the backend's own
/// deadline, and remove() by its caller's. Keys and values are any bytes.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual const char* name() const = 0;  ///< "redis", "memory", "none"
  /// False while the backend is known to be away: callers then do without it, at no cost.
  virtual bool available() const = 0;
  /// False for a backend that never keeps anything: then nothing that is meant to spare computations is done either (cache_aside.h), so that
  /// it shows what answers cost without a cache. A backend that is away shares all the same.
  virtual bool shares() const { return true; }
  /// True when each call is an exchange over a connection, so that several look-ups in one call cost much less than one by one.
  virtual bool remote() const { return false; }
  /// Asks for a sign of life, without touching a key. A failure makes the backend unavailable, as that of any command does; it is told at once
  /// when it is away already.
  virtual Outcome<void> probe() = 0;

  virtual Outcome<std::optional<std::string>> get(const std::string& key) = 0;
  /// In the order of the keys.
  virtual Outcome<std::vector<std::optional<std::string>>> getMany(std::span<const std::string> keys) = 0;
  virtual Outcome<void> set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl) = 0;
  virtual Outcome<void> setMany(std::span<const Entry> entries) = 0;
  /// Removes what matches any of the patterns, which are globs as Redis has them (glob.h); one without wildcards removes the
  /// key itself. How many keys each pattern removed, in their order; a key that several match counts for one of them. What
  /// cannot be carried out, or not by the deadline (which leaves it at least the time of a command), is remembered and made up for; until then
  /// look-ups find nothing under its keys: a value that was to be removed is never served afterwards. Only Query means that nothing is remembered:
  /// some keys are none that this user may touch; the others were removed.
  Outcome<std::vector<std::uint64_t>> remove(std::span<const std::string> patterns, Time deadline = in(usualRemovalTime)) {
    return removeBy(patterns, deadline);
  }

 private:
  virtual Outcome<std::vector<std::uint64_t>> removeBy(std::span<const std::string> patterns, Time deadline) = 0;
};

}  // namespace cachedeck::cacheaside
