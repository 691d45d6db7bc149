// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/server_mark.h"
#include "core/sources/redis/cluster_links.h"

#include <set>

namespace cachedeck::keys {

/// The servers behind what a profile names, as the engine works with them: a standalone one, the primary behind a Sentinel, the primaries of a cluster. Used on one thread.
class Servers {
 public:
  /// How often one key may be sent on.
  static constexpr int mostRedirects = 5;

  explicit Servers(RedisOptions entry, std::optional<WritePermit> permit = {});

  /// Asks anew who is who, and every primary what it is. Busy while a slot has no server or a failover is under way.
  Result<void> refresh(const std::stop_token& stop);
  /// Permission when the account may not use MULTI and EXEC on every primary: asked with an empty transaction.
  Result<void> checkTransactions(const std::stop_token& stop);
  const ServerMark& mark() const { return m_mark; }
  const RedisOptions& entry() const { return m_entry; }
  bool isCluster() const { return m_mark.kind == Topology::Kind::Cluster; }
  bool hasReplicas() const;
  const std::vector<RedisOptions>& primaries() const { return m_primaries; }
  /// An Error since the last refresh() leaves open where the keys are.
  bool isLost() const { return m_lost || m_links.isBroken(); }

  /// Always 0 outside of a cluster.
  int slot(QByteArrayView name) const { return isCluster() ? slotOf(name) : 0; }
  /// The server of a slot.
  const RedisOptions& serverOf(int slot) const;
  /// Its number among the primaries.
  std::size_t indexOf(int slot) const;
  /// Connections belong to this object and live until the next refresh() or learn().
  Result<RedisConnection*> connectionTo(std::size_t primary, const std::stop_token& stop);
  Result<RedisConnection*> connectionFor(int slot, const std::stop_token& stop);
  Result<RedisConnection*> at(const Redirect& redirect, const std::stop_token& stop);
  Result<void> learn(const Redirect& redirect, const std::stop_token& stop);

  /// Commands about one key each, to the servers of their keys at the same time, redirects followed: one reply each, in their order. A key that was sent on too often has its last redirect for a reply.
  Result<std::vector<Reply>> ask(std::span<const RedisCommand> commands, std::chrono::milliseconds patience, const std::stop_token& stop);
  /// The Error that an error reply to ask() stands for.
  Error error(const Reply& reply) const { return serverError(m_entry, reply.text()); }

 private:
  struct Question;
  struct Packet;
  template <typename Value>
  Value noted(Value result);
  Result<ServerMark> askPrimary(int node, const std::stop_token& stop);
  Result<std::vector<Packet>> packed(std::vector<Question>& questions, std::span<const RedisCommand> commands, const std::stop_token& stop);
  Result<void> round(std::vector<Question>& questions, std::span<const RedisCommand> commands, std::vector<Reply>& replies, std::chrono::milliseconds patience, const std::stop_token& stop);

  const RedisOptions m_entry;
  ClusterLinks m_links;
  ServerMark m_mark;
  std::vector<RedisOptions> m_primaries;
  bool m_lost = true;
};

/// The key that a command is about.
const QByteArray& keyOf(const RedisCommand& command);
/// A server is away, or cannot work now: asked again later, it, or the one that takes over, may answer.
bool isPassing(const Error& error);

}  // namespace cachedeck::keys
