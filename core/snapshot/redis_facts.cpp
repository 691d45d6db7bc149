// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"
#include "core/sources/redis/dial.h"

namespace cachedeck::snapshot {

namespace {

// Those that decide how a cache behaves. An allow-list: requirepass, masterauth, tls-key-file-pass and whatever later versions add are never asked for.
constexpr const char* configNames[] = {
    "maxmemory", "maxmemory-policy", "maxmemory-samples", "maxmemory-eviction-tenacity", "maxmemory-clients",
    "active-expire-effort", "lfu-log-factor", "lfu-decay-time",
    "lazyfree-lazy-eviction", "lazyfree-lazy-expire", "lazyfree-lazy-server-del", "lazyfree-lazy-user-del", "lazyfree-lazy-user-flush", "replica-lazy-flush",
    "activedefrag", "save", "appendonly", "appendfsync", "no-appendfsync-on-rewrite", "auto-aof-rewrite-percentage", "auto-aof-rewrite-min-size", "stop-writes-on-bgsave-error",
    "maxclients", "timeout", "tcp-keepalive", "tcp-backlog", "client-output-buffer-limit", "client-query-buffer-limit", "databases",
    "io-threads", "io-threads-do-reads", "hz", "dynamic-hz", "notify-keyspace-events",
    "slowlog-log-slower-than", "slowlog-max-len", "latency-monitor-threshold", "latency-tracking",
    "repl-backlog-size", "repl-diskless-sync", "min-replicas-to-write", "min-replicas-max-lag", "replica-read-only", "replica-serve-stale-data",
    "protected-mode", "cluster-enabled", "cluster-node-timeout", "cluster-require-full-coverage"};

/// The text of INFO with all sections; before Redis 6 "everything" is not known, and answered with nothing.
Result<QByteArray> infoText(RedisConnection& connection, const std::stop_token& stop) {
  const Deadline deadline(requestDeadline);
  const Result<Reply> all = connection.command({"INFO", "everything"}, deadline, stop);
  if (!all) return all.error();
  if (!all->isError() && !all->text().isEmpty()) return all->text().toByteArray();
  const RedisCommand questions[] = {{"INFO"}, {"INFO", "commandstats"}};
  const Result<std::vector<Reply>> replies = connection.pipeline(questions, deadline, stop);
  if (!replies) return replies.error();
  QByteArray text;
  for (const Reply& reply : *replies) {
    if (reply.isError()) return connection.error(reply);
    text += reply.text().toByteArray() + '\n';
  }
  return text;
}

}  // namespace

Result<FactTable> redisInfoFacts(FactLinks& links, QStringList& notes) {
  const Result<RedisConnection*> redis = links.redis();
  if (!redis) return redis.error();
  const Result<QByteArray> text = infoText(**redis, links.stop);
  if (!text) return text.error();
  FactTable table;
  table.keys = 2;
  table.columns = {factText("Section"), factText("Field"), factText("Value")};
  QString section;
  for (const QByteArray& raw : text->split('\n')) {
    const QByteArray line = raw.trimmed();
    const qsizetype colon = line.indexOf(':');
    if (line.startsWith('#'))
      section = factBytes(line.mid(1).trimmed(), 60);
    else if (colon > 0)
      table.rows += QStringList{section, factBytes(line.left(colon), 120), factBytes(line.mid(colon + 1))};
  }
  if (text->contains("redis_mode:cluster"))
    notes += QStringLiteral("Redis: the facts are those of %1 alone, which is one node of a cluster. Take a snapshot of the others with --redis and their addresses.").arg((*redis)->options().endpoint());
  return table;
}

Result<FactTable> redisConfigFacts(FactLinks& links, QStringList&) {
  const Result<RedisConnection*> redis = links.redis();
  if (!redis) return redis.error();
  // One name a question: several in one came with Redis 7.
  std::vector<RedisCommand> questions;
  for (const char* name : configNames) questions.push_back({"CONFIG", "GET", name});
  const Result<std::vector<Reply>> replies = (*redis)->pipeline(questions, Deadline(requestDeadline), links.stop);
  if (!replies) return replies.error();
  FactTable table;
  table.columns = {factText("Name"), factText("Value")};
  for (size_t i = 0; i < replies->size(); ++i) {
    const Reply& reply = (*replies)[i];
    if (reply.isError()) return (*redis)->error(reply);
    if (reply.root().size() < 2) continue;  // this version does not have it
    table.rows += QStringList{QLatin1String(configNames[i]), factBytes((*++reply.root().begin()).text())};
  }
  return table;
}

}  // namespace cachedeck::snapshot
