// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_options.h"

namespace cachedeck {

/// What a server's TLS alert, or OpenSSL's complaint about its bytes, means to an operator.
Error tlsAlertError(const RedisOptions& options, const QString& text);

}  // namespace cachedeck
