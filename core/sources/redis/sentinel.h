// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/topology.h"

namespace cachedeck {

/// The primary and the replicas that a Sentinel watches, `wanted` telling how to get in there. Errors: Usage where `masterName` is needed or unknown; Busy while
/// the server that the Sentinel names is not, or not yet, a primary; else what went wrong on the way to that server.
Result<Topology> sentinelTopology(RedisConnection& sentinel, const RedisOptions& wanted, const QString& masterName, const std::stop_token& stop);

}  // namespace cachedeck
