// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect_ask.h"

#include "core/base/text.h"

#include <algorithm>

namespace cachedeck::keys {

int countedLookups(const RedisCommand& command, const Reply& reply) {
  if (command.first() == "MEMORY" || command.first() == "TIME") return 0;
  if (!reply.isError()) return 1;
  const QByteArray text = reply.text().toByteArray();
  return text.startsWith("WRONGTYPE") || text.contains("LFU maxmemory policy") ? 1 : 0;
}

Error misfit(RedisConnection& connection, const RedisCommand& command) {
  connection.close();
  return replyError(connection.options(), {ReplyFault::Kind::Broken, QStringLiteral("does not fit the question (%1)").arg(printable(command.first(), 32))});
}

Error changedType(const RedisConnection& connection) {
  return fail(Error::Kind::Busy, QStringLiteral("The key on %1 has been replaced by one of another type. Open it again.").arg(connection.options().endpoint()));
}

QByteArray lengthCommand(QByteArrayView type) {
  struct Row {
    const char *type, *command;
  };
  for (const Row& row : {Row{"string", "STRLEN"}, {"hash", "HLEN"}, {"list", "LLEN"}, {"set", "SCARD"}, {"zset", "ZCARD"}, {"stream", "XLEN"}})
    if (type == QByteArrayView(row.type)) return row.command;
  return {};
}

std::optional<qint64> digitsOf(QByteArrayView text) {
  const bool digits = !text.isEmpty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  bool fits = false;
  const qint64 number = digits ? text.toLongLong(&fits) : 0;
  return fits ? std::optional(number) : std::nullopt;
}

}  // namespace cachedeck::keys
