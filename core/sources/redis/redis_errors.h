// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_options.h"
#include "core/sources/redis/reply_reader.h"
#include "core/sources/redis/transport.h"

namespace cachedeck {

// The sentences for everything that can go wrong between a command and its answer.

/// An error reply ("WRONGPASS …"): its first word says what it means. The server's own text is in the detail.
Error serverError(const RedisOptions& options, QByteArrayView reply);

/// Bytes that are not a reply.
Error replyError(const RedisOptions& options, const ReplyFault& fault);

/// A link that broke or stayed silent for `waited`; `heard` says that this connection had answered before.
Error linkError(const RedisOptions& options, const LinkFault& fault, bool heard, std::chrono::milliseconds waited);

/// True for a refusal of one command that still shows a Redis server that knows this client.
bool isAlive(QByteArrayView errorReply);

}  // namespace cachedeck
