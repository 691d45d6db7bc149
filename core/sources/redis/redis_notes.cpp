// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_notes.h"

#include "core/base/text.h"

namespace cachedeck {

namespace {

/// Servers that speak for Redis keep its fields and add their own.
const struct {
  const char* field;
  const char* product;
} relatives[] = {{"valkey_version", "Valkey"}, {"dragonfly_version", "Dragonfly"}, {"keydb_version", "KeyDB"}};

QString shown(const RedisInfo& info, const char* field) { return printable(info.text(field), 64); }

QString replicaNote(const RedisInfo& info) {
  const QString master = shown(info, "master_host") + QLatin1Char(':') + shown(info, "master_port");
  if (info.text("master_link_status") == "down")
    return QStringLiteral("This server is a replica of %1 and has lost the link to it, so that its data grow old. Check the master and the network between both.").arg(master);
  return QStringLiteral("These are the figures of a replica of %1. Connect to the master for those of the writes.").arg(master);
}

}  // namespace

Identity redisIdentity(const RedisInfo& info, const RedisOptions& options) {
  Identity identity;
  identity.product = QStringLiteral("Redis");
  identity.version = shown(info, "redis_version");
  for (const auto& relative : relatives) {
    if (!info.has(relative.field)) continue;
    identity.product = QLatin1String(relative.product);
    identity.version = shown(info, relative.field);
  }
  if (info.hasSection("KeyDB")) identity.product = QStringLiteral("KeyDB");
  identity.endpoint = options.endpoint();
  identity.role = info.text("role") == "slave" ? QStringLiteral("replica") : shown(info, "role");
  // No serverId: run_id is another one after each restart, so it does not tell one server from another.
  return identity;
}

QStringList redisNotes(const RedisInfo& info) {
  QStringList notes;
  if (const QString progress = info.loadingProgress(); !progress.isEmpty())
    notes += QStringLiteral("The server is loading its data into memory: %1. It answers nothing else until then.").arg(progress);
  if (info.text("role") == "slave") notes += replicaNote(info);
  if (info.text("maxmemory") == "0")
    notes += QStringLiteral("There is no memory limit (maxmemory 0), so that used memory has nothing to be measured against. Set one with CONFIG SET maxmemory.");
  return notes;
}

QString noInfoNote(const RedisOptions& options) {
  const QString user = options.user.isEmpty() ? QStringLiteral("default") : options.user;
  return QStringLiteral("The account may not ask for INFO, from which all figures come. Let the administrator run: ACL SETUSER %1 +info").arg(printable(user, 64));
}

}  // namespace cachedeck
