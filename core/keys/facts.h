// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_connection.h"

#include <optional>

namespace cachedeck::keys {

/// Which facts are asked of every key. MEMORY USAGE is free; TYPE, PTTL and OBJECT count as look-ups in the server's hits and misses.
struct FactNeeds {
  bool bytes = false, type = false, ttl = false, idle = false;
  std::size_t questions() const { return static_cast<std::size_t>(bytes) + type + ttl + idle; }
};

/// What was found out about one key. `exists` is only known when something was asked.
struct ScanFacts {
  bool exists = true;
  std::optional<qint64> bytes;
  QByteArray type;
  std::optional<qint64> ttlMs;  ///< -1: no expiry
  std::optional<qint64> idleSeconds;
};

/// Look-ups of one piece of work that the server counted. The charts subtract them without this: the connection notes them (own_lookups.h).
using OwnLookups = LookupCounts;

void askFacts(const FactNeeds& needs, const QByteArray& name, std::vector<RedisCommand>& commands);
/// Reads the replies to one key's questions, in their order. A refusal (NOPERM, a server without the command) leaves the fact unknown.
ScanFacts readFacts(const FactNeeds& needs, std::span<const Reply> replies, OwnLookups& own);

}  // namespace cachedeck::keys
