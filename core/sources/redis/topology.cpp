// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/topology.h"

#include "core/base/text.h"
#include "core/sources/redis/cluster_map.h"
#include "core/sources/redis/node_address.h"
#include "core/sources/redis/redis_info.h"
#include "core/sources/redis/sentinel.h"

namespace cachedeck {

namespace {

/// Two questions: before Redis 7, INFO takes one section.
Result<RedisInfo> askInfo(RedisConnection& connection, const std::stop_token& stop) {
  const RedisCommand questions[] = {{"INFO", "server"}, {"INFO", "replication"}};
  const Result<std::vector<Reply>> replies = connection.pipeline(questions, Deadline(requestDeadline), stop);
  if (!replies) return replies.error();
  QByteArray text;
  for (const Reply& reply : *replies) {
    if (reply.isError()) return connection.error(reply);
    if (reply.type() != Reply::Type::Text) return unfitReply(connection, "INFO");
    text += reply.text().toByteArray() + '\n';
  }
  return RedisInfo::parse(text);
}

Topology standaloneTopology(const RedisInfo& info, const RedisOptions& options) {
  Topology topology;
  RedisNode node{options, options.endpoint(), info.text("role") != "slave", {}};
  topology.note = QStringLiteral("a single server");
  if (!node.primary) {
    node.primaryId = printable(info.text("master_host"), 256) + QLatin1Char(':') + printable(info.text("master_port"), 8);
    topology.note = QStringLiteral("a replica of %1").arg(node.primaryId);
  }
  topology.nodes += node;
  return topology;
}

/// CLUSTER SLOTS tells the addresses as clients shall use them, but not who is dead; NODES tells that, and INFO whether this node serves at all.
Result<Topology> askCluster(RedisConnection& connection, const std::stop_token& stop) {
  const RedisCommand questions[] = {{"CLUSTER", "SLOTS"}, {"CLUSTER", "NODES"}, {"CLUSTER", "INFO"}};
  const Result<std::vector<Reply>> replies = connection.pipeline(questions, Deadline(requestDeadline), stop);
  if (!replies) return replies.error();
  if (replies->front().isError()) return connection.error(replies->front());
  const Reply& nodes = replies->at(1);
  const QSet<QByteArray> failed = nodes.type() == Reply::Type::Text ? failedNodes(nodes.text()) : QSet<QByteArray>();
  Result<Topology> topology = clusterTopology(replies->front(), failed, connection.options());
  if (!topology) {
    if (topology.error().kind == Error::Kind::Protocol) connection.close();
    return topology;
  }
  const Reply& state = replies->at(2);
  if (state.type() == Reply::Type::Text && RedisInfo::parse(state.text()).text("cluster_state") == "fail")
    topology->note += QStringLiteral("; %1 holds the cluster for down").arg(connection.options().endpoint());
  return topology;
}

QByteArray modeOf(const RedisInfo& info) { return info.has("redis_mode") ? info.text("redis_mode") : info.text("server_mode"); }

/// The same options as a Sentinel may want them: it has no databases, and mostly no password where its servers have one.
std::vector<RedisOptions> optionsForSentinel(const RedisOptions& options) {
  std::vector<RedisOptions> attempts;
  RedisOptions attempt = options;
  attempt.database = 0;
  if (options.database != 0) attempts.push_back(attempt);
  attempt.user.clear();
  attempt.password = Secret();
  if (!options.user.isEmpty() || !options.password.isEmpty()) attempts.push_back(attempt);
  return attempts;
}

}  // namespace

Error unfitReply(RedisConnection& connection, const char* question) {
  connection.close();
  return replyError(connection.options(), {ReplyFault::Kind::Broken, QStringLiteral("does not fit the question (%1)").arg(QLatin1String(question))});
}

QList<int> Topology::primaries() const {
  QList<int> indices;
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i)
    if (nodes[i].primary) indices += i;
  return indices;
}

Result<Topology> discoverTopology(RedisConnection& connection, const QString& masterName, const std::stop_token& stop) {
  const Result<RedisInfo> info = askInfo(connection, stop);
  if (!info) return info.error();
  const QByteArray mode = modeOf(*info);
  if (mode == "sentinel") return sentinelTopology(connection, connection.options(), masterName, stop);
  if (mode == "cluster") return askCluster(connection, stop);
  return standaloneTopology(*info, connection.options());
}

Result<Topology> discoverTopology(const RedisOptions& options, const QString& masterName, const std::stop_token& stop) {
  RedisConnection connection(options);
  const Result<void> opened = connection.open(stop);
  if (opened) return discoverTopology(connection, masterName, stop);
  using Kind = Error::Kind;
  const Kind kind = opened.error().kind;
  if (kind != Kind::Auth && kind != Kind::Server) return opened.error();
  for (const RedisOptions& attempt : optionsForSentinel(options)) {
    RedisConnection sentinel(attempt);
    if (!sentinel.open(stop)) continue;
    const Result<RedisInfo> info = askInfo(sentinel, stop);
    if (info && modeOf(*info) == "sentinel") return sentinelTopology(sentinel, options, masterName, stop);
  }
  return opened.error();
}

}  // namespace cachedeck
