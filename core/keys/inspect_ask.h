// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_connection.h"

#include <optional>

namespace cachedeck::keys {

// What the questions to one key have in common.
//
// What a server counts as a hit or miss, and what resets a key's idle time (and raises its LFU counter), measured on Redis 7.0.15:
//   neither   MEMORY USAGE, TIME, WATCH
//   resets    SET … XX (a new value)
//   counts    TYPE, PTTL, PEXPIRETIME, OBJECT ENCODING, IDLETIME, FREQ, REFCOUNT
//   both      STRLEN, GETRANGE, HLEN, HSCAN, LLEN, LRANGE, SCARD, SSCAN, ZCARD, ZSCAN, XLEN, XRANGE
// Each counts once, whatever it answers, also WRONGTYPE and the refusal of IDLETIME or FREQ under the other's policy; a hit when the key exists, else a
// miss. What is refused before the key is looked up (NOPERM, an unknown command, LOADING, MOVED) counts nothing.

/// 1 when the server counted the command (of those named above) that this reply answers.
int countedLookups(const RedisCommand& command, const Reply& reply);

/// A reply of a shape that the command does not give: a Protocol error; the connection is closed.
Error misfit(RedisConnection& connection, const RedisCommand& command);

/// The key's type is another one than before: Busy.
Error changedType(const RedisConnection& connection);

/// The command that gives the length of a value of this type, empty for a module's.
QByteArray lengthCommand(QByteArrayView type);

/// Digits only, as the server gives them: "0", "1700000000000".
std::optional<qint64> digitsOf(QByteArrayView text);

}  // namespace cachedeck::keys
