// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_info.h"
#include "core/sources/redis/redis_options.h"

namespace cachedeck {

/// Who answered, as INFO tells it; with an empty INFO the product and the endpoint only.
Identity redisIdentity(const RedisInfo& info, const RedisOptions& options);

/// What a reader of the figures has to know: a replica, data being loaded, no memory limit.
QStringList redisNotes(const RedisInfo& info);

/// The note that stands instead of figures where this account may not ask for INFO.
QString noInfoNote(const RedisOptions& options);

}  // namespace cachedeck
