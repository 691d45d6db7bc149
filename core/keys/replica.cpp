// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/replica.h"

#include "core/base/text.h"
#include "core/keys/servers.h"
#include "core/sources/redis/redis_info.h"

#include <QMap>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds askDeadline{5000};

Result<RedisInfo> askReplication(RedisConnection& connection, const std::stop_token& stop) {
  const Result<Reply> reply = connection.command({"INFO", "replication"}, Deadline(askDeadline), stop);
  if (!reply) return reply.error();
  if (reply->isError()) return connection.error(*reply);
  return RedisInfo::parse(reply->text());
}

}  // namespace

Result<void> checkReplica(RedisConnection& connection, const RedisOptions& named, const std::stop_token& stop) {
  const Result<RedisInfo> asked = askReplication(connection, stop);
  if (!asked) return asked.error();
  const RedisInfo& info = *asked;
  const QString endpoint = connection.options().endpoint();
  if (info.text("role") != "slave") return fail(Error::Kind::Usage, QStringLiteral("%1 is a primary of its own, no replica of %2. Name a replica, or leave it out.").arg(endpoint, named.endpoint()));
  if (info.text("master_link_status") != "up")
    return fail(Error::Kind::Busy, QStringLiteral("The replica %1 has lost the link to its primary, so what it has may be old. Wait until it is back, or take the replica out of the profile.").arg(endpoint));
  const double silent = info.number("master_last_io_seconds_ago").value_or(0);
  if (silent > static_cast<double>(replicaMayLag.count()))
    return fail(Error::Kind::Busy, QStringLiteral("The replica %1 has heard nothing of its primary for %2 s, so what it has may be old. Wait until it is back, or take the replica out of the profile.")
                                       .arg(endpoint, QString::number(silent)));
  Servers servers(named);
  if (const Result<void> known = servers.refresh(stop); !known) return known;
  bool follows = false;
  for (std::size_t i = 0; i < servers.primaries().size() && !follows; ++i) {
    const Result<RedisConnection*> primary = servers.connectionTo(i, stop);
    if (!primary) return primary.error();
    const Result<RedisInfo> its = askReplication(**primary, stop);
    if (!its) return its.error();
    follows = !its->text("master_replid").isEmpty() && its->text("master_replid") == info.text("master_replid");
  }
  if (!follows)
    return fail(Error::Kind::Usage, QStringLiteral("%1 is a replica, but not of %2: it follows %3. Name a replica of it, or leave it out.")
                                        .arg(endpoint, named.endpoint(), printable(info.text("master_host"), 256) + QLatin1Char(':') + printable(info.text("master_port"), 8)));
  return {};
}

Result<ScanResult> scanForAnalysis(const RedisOptions& options, const Selector& selector, const ScanOptions& scan, ScanProgress& progress, const std::stop_token& stop, const Visit& visit) {
  const RedisOptions there = forAnalysis(options);
  RedisConnection connection(there);
  if (const Result<void> opened = connection.open(stop); !opened) return opened.error();
  if (!options.replica.isEmpty()) {
    RedisOptions named = options;
    named.replica.clear();
    if (const Result<void> good = checkReplica(connection, named, stop); !good) return good.error();
  }
  return scanKeys(connection, selector, scan, progress, stop, visit);
}

/// "slave0:ip=10.0.0.6,port=6379,state=online,offset=1234,lag=1"
ReplicaLag replicaLag(QByteArrayView infoReplication) {
  const RedisInfo info = RedisInfo::parse(infoReplication);
  const qint64 offset = info.text("master_repl_offset").toLongLong();
  const int connected = static_cast<int>(info.number("connected_slaves").value_or(0));
  ReplicaLag lag;
  for (int i = 0; i < std::min(connected, 1000); ++i) {
    QMap<QByteArray, QByteArray> fields;
    for (const QByteArray& field : info.text(("slave" + QByteArray::number(i)).constData()).split(',')) fields.insert(field.left(field.indexOf('=')), field.mid(field.indexOf('=') + 1));
    if (fields.value("state") != "online") continue;  // still gets its first copy: it is behind in any case, and not for long
    ++lag.replicas;
    const qint64 bytes = offset - fields.value("offset").toLongLong();
    if (bytes >= lag.bytes) {
      lag.bytes = bytes;
      lag.replica = printable(fields.value("ip"), 256) + QLatin1Char(':') + printable(fields.value("port"), 8);
    }
    lag.seconds = std::max(lag.seconds, fields.value("lag").toLongLong());
  }
  return lag;
}

}  // namespace cachedeck::keys
