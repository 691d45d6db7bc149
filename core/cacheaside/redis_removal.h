// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/redis_link.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace cachedeck::cacheaside {

/// Removes keys by name and by pattern: UNLINK, and one SCAN for all patterns with wildcards together. Each write holds the UNLINKs of a page and
/// the SCAN of the next, so that neither side waits for the other; pages of 500 keys hold the server for less than a millisecond.
///
/// An ACL user whose key patterns are narrower than what he is to remove: SCAN shows him all keys, and Redis refuses an UNLINK as a whole when he may
/// not touch one of its keys. Then that page is done key by key, and his are removed.
///
/// Several patterns are matched here, not by the server: among 100,000 keys, three patterns that match 60,000 take 93 ms in one pass and 140 ms in
/// three, four patterns 154 and 302 ms (Redis 7.0.15 on loopback, both sides on two cores).
class RedisRemoval {
 public:
  /// `goOn` is asked before each step. A step may take the time of a command, at least a second.
  RedisRemoval(const RedisSettings& settings, std::span<const std::string> patterns, std::function<bool()> goOn);

  /// Done when all was removed that this user may touch; then the counts are exact, and forbidden() tells of keys that he may not. After another error
  /// reply: Stopped, and refused() says why. At the deadline: Stopped, and outOfTime(). It says nothing about Redis, which has had its steps in
  /// time so far.
  RedisLink::Status run(RedisLink& link, Time deadline);
  std::vector<std::uint64_t> takeCounts() { return std::move(m_counts); }
  const std::optional<Failure>& forbidden() const { return m_forbidden; }
  const std::optional<Failure>& refused() const { return m_refused; }
  bool outOfTime() const { return m_outOfTime; }

 private:
  RedisLink::Status removeLiterals(RedisLink& link, Time deadline);
  RedisLink::Status removeMatches(RedisLink& link, Time deadline);
  struct Unlink {
    std::size_t pattern;
    std::vector<std::string_view> keys;  // of a page; valid until the page after it was exchanged
  };
  RedisLink::Status exchange(RedisLink& link, Time deadline, Reply* scanned);
  RedisLink::Status step(RedisLink& link, Time deadline, Reply* scanned);
  RedisLink::Status transfer(RedisLink& link, Time stepBy, Reply* scanned);
  void read(Unlink unlink, const Reply& reply);
  RedisLink::Status refuse(std::string_view command, const Reply& reply);
  void addUnlink(RedisLink& link, std::size_t pattern, std::vector<std::string_view> keys);
  void addScan(RedisLink& link, std::string_view cursor);
  void addUnlinks(RedisLink& link, const std::vector<Reply>& keys);

  const std::string m_place;
  const std::span<const std::string> m_patterns;
  const std::function<bool()> m_goOn;
  const std::chrono::milliseconds m_stepTimeout;
  std::vector<std::size_t> m_globs;      // indexes of the patterns with wildcards
  std::string m_match;                   // what all of those match; empty: anything
  std::vector<Unlink> m_unlinks;         // that were not answered yet
  std::vector<Unlink> m_oneByOne;        // refused because of some of their keys: the others are still to be removed
  std::vector<std::uint64_t> m_counts;   // by pattern
  std::optional<Failure> m_forbidden, m_refused;
  bool m_outOfTime = false;
};

}  // namespace cachedeck::cacheaside
