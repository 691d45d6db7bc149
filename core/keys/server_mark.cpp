// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/server_mark.h"

#include "core/keys/servers.h"
#include "core/sources/redis/redis_info.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds askDeadline{5000};

qint64 milliseconds(const Reply& time) {
  if (time.root().size() != 2) return 0;
  auto part = time.root().begin();
  const qint64 seconds = (*part).text().toByteArray().toLongLong(), micro = (*++part).text().toByteArray().toLongLong();
  return seconds * 1000 + micro / 1000;
}

Topology::Kind kindOf(const RedisInfo& server) {
  const QByteArray mode = server.text(server.has("redis_mode") ? "redis_mode" : "server_mode");
  return mode == "cluster" ? Topology::Kind::Cluster : mode == "sentinel" ? Topology::Kind::Sentinel : Topology::Kind::Standalone;
}

}  // namespace

QString ServerMark::text() const { return QStringLiteral("%1 db %2").arg(endpoint, QString::number(database)); }

bool ServerMark::isSameSystem(const ServerMark& other) const {
  if (kind != other.kind || database != other.database) return false;
  if (kind == Topology::Kind::Standalone) return endpoint == other.endpoint;
  // Nodes come and go; a node that both know is in no other system.
  return masterName == other.masterName && std::ranges::any_of(members, [&](const QString& member) { return other.members.contains(member); });
}

bool ServerMark::isSame(const ServerMark& other) const {
  return isSameSystem(other) && primary == other.primary && (kind != Topology::Kind::Standalone || runId == other.runId);
}

Result<Topology::Kind> askKind(RedisConnection& connection, const std::stop_token& stop) {
  const Result<Reply> reply = connection.command({"INFO", "server"}, Deadline(askDeadline), stop);
  if (!reply) return reply.error();
  return kindOf(RedisInfo::parse(reply->text()));
}

Result<ServerMark> askOneServer(RedisConnection& connection, const std::stop_token& stop) {
  const std::vector<RedisCommand> questions{{"INFO", "server"}, {"INFO", "replication"}, {"TIME"}};
  const Result<std::vector<Reply>> replies = connection.pipeline(questions, Deadline(askDeadline), stop);
  if (!replies) return replies.error();
  for (const Reply& reply : *replies)
    if (reply.isError()) return connection.error(reply);
  ServerMark mark;
  mark.endpoint = connection.options().endpoint();
  mark.database = connection.options().database;
  const RedisInfo server = RedisInfo::parse((*replies)[0].text()), replication = RedisInfo::parse((*replies)[1].text());
  mark.kind = kindOf(server);
  mark.runId = QString::fromLatin1(server.text("run_id"));
  mark.version = QString::fromLatin1(server.text("redis_version"));
  mark.primary = replication.text("role") != "slave";
  mark.lineage = mark.runId + QLatin1Char('/') + QString::fromLatin1(replication.text("master_replid"));
  mark.clockMs = milliseconds((*replies)[2]);
  return mark;
}

Result<ServerMark> askServer(RedisConnection& connection, const std::stop_token& stop) {
  const Result<Topology::Kind> kind = askKind(connection, stop);
  if (!kind) return kind.error();
  if (*kind == Topology::Kind::Standalone) return askOneServer(connection, stop);
  Servers servers(connection.options());
  if (const Result<void> asked = servers.refresh(stop); !asked) return asked.error();
  return servers.mark();
}

}  // namespace cachedeck::keys
