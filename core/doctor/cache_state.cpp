// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

/// "offset" of "ip=10.0.0.1,port=6379,state=online,offset=1,lag=0"
QByteArray part(const QByteArray& list, const QByteArray& name) {
  for (const QByteArray& one : list.split(','))
    if (one.startsWith(name + '=')) return one.mid(name.size() + 1);
  return {};
}

}  // namespace

Findings cachePersistence(const Evidence& evidence) {
  const RedisInfo& info = evidence.redis.last;
  Findings found;
  if (info.text("rdb_last_bgsave_status") == "err") {
    // Redis then refuses writes where it has times to save at, unless it was told not to. errorstat_MISCONF does not tell: it refuses PING as well, ours too.
    const QMap<QByteArray, QByteArray>& config = evidence.redis.config;
    const bool refuses = config.value("stop-writes-on-bgsave-error") != "no" && !(config.contains("save") && config.value("save").isEmpty());
    found += Finding{{}, refuses ? Severity::Critical : Severity::Warning,
                     refuses ? QStringLiteral("Redis could not save its data and refuses writes (MISCONF).") : QStringLiteral("Redis could not save its data."),
                     QStringLiteral("rdb_last_bgsave_status err, %1 changes not saved, dir %2").arg(clean(info.text("rdb_changes_since_last_save")), clean(evidence.redis.config.value("dir"), 120)),
                     QStringLiteral("Make room and rights in its folder (CONFIG GET dir; df -h; its log tells), allow overcommit (vm.overcommit_memory 1), then BGSAVE. A pure cache needs no snapshots: CONFIG SET save \"\".")};
  }
  if (info.text("aof_last_write_status") == "err")
    found += Finding{{}, Severity::Critical, QStringLiteral("Redis cannot write its append-only file and refuses writes."), QStringLiteral("aof_last_write_status err"),
                     QStringLiteral("Make room on its disk (df -h). A pure cache needs none: CONFIG SET appendonly no.")};
  if (info.text("aof_last_bgrewrite_status") == "err")
    found += Finding{{}, Severity::Warning, QStringLiteral("The last rewrite of the append-only file failed: the file grows on."), QStringLiteral("aof_last_bgrewrite_status err"),
                     QStringLiteral("Make room on its disk and memory for the fork (vm.overcommit_memory 1), then BGREWRITEAOF.")};
  return found;
}

Findings cacheReplication(const Evidence& evidence) {
  const RedisInfo& info = evidence.redis.last;
  Findings found;
  if (info.text("role") == "slave" && info.text("master_link_status") == "down")
    found += Finding{{}, Severity::Critical, QStringLiteral("Replication is broken: this replica has lost its master, and its data grow old."),
                     QStringLiteral("master %1:%2, link down for %3 s").arg(clean(info.text("master_host"), 80), clean(info.text("master_port"), 10), clean(info.text("master_link_down_since_seconds"), 20)),
                     QStringLiteral("Check that the master runs and that the replica may log in there (masteruser, masterauth); its log tells. To let it go on alone: REPLICAOF NO ONE.")};
  const int replicas = static_cast<int>(std::min(info.number("connected_slaves").value_or(0), 64.0));
  for (int i = 0; i < replicas; ++i) {
    const QByteArray line = info.text(("slave" + QByteArray::number(i)).constData());
    const bool online = part(line, "state") == "online";
    if (line.isEmpty() || (online && part(line, "lag").toInt() <= 10)) continue;
    found += Finding{{}, Severity::Warning, online ? QStringLiteral("A replica of Redis is behind.") : QStringLiteral("A replica of Redis is not in step."),
                     QStringLiteral("%1:%2 state %3, lag %4 s").arg(clean(part(line, "ip"), 80), clean(part(line, "port"), 10), clean(part(line, "state"), 40), clean(part(line, "lag"), 20)),
                     QStringLiteral("Look at the network between both and at the replica's log; a full copy that never ends needs a larger repl-backlog-size or client-output-buffer-limit for replicas.")};
  }
  return found;
}

}  // namespace cachedeck::doctor
