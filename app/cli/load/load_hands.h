// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_session.h"
#include "core/load/load_run.h"

namespace cachedeck {

/// What a scenario may do to the cache: empty prefixes as planned, journaled deletions without undo, never on a production profile; pause the Redis of a sandbox.
/// `session` (may be null: no Redis was named) outlives the run. `sandboxRedis`: its process, 0: the Redis is no sandbox's.
load::CacheHands loadHands(KeysSession* session, qint64 sandboxRedis);

}  // namespace cachedeck
