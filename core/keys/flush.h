// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"

namespace cachedeck::keys {

/// What FLUSHDB or FLUSHALL would remove: counted, not listed.
struct FlushPlan {
  bool everyDatabase = false;
  QMap<int, qint64> keys;  ///< by database, from INFO keyspace
  qint64 usedMemory = 0;   ///< of the whole server
  Plan plan;               ///< what the guard looks at: every key, their sum, the server
  QJsonObject toJson() const;
};
/// Usage error for a cluster or a Sentinel.
Result<FlushPlan> planFlush(RedisConnection& connection, bool everyDatabase, const Clock& clock, const std::stop_token& stop);

/// Empties the database, or all of them, in one command (ASYNC: the server goes on meanwhile). There is no undo. Refused when the server is another one than was planned, or holds over a tenth
/// more keys. Counts: done is what was there just before.
Result<RunReport> runFlush(const FlushPlan& plan, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, const std::stop_token& stop);

}  // namespace cachedeck::keys
