// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/topology.h"

#include <map>

namespace cachedeck {

/// The connections to the primaries of one system, opened when they are asked for. For every kind of system: a standalone server and the primary behind a
/// Sentinel own all slots. Used on one thread. A connection that is handed out belongs to this object and lives until the next refresh().
class ClusterLinks {
 public:
  /// `entry`: what the profile names, be it a node, a server or a Sentinel. `masterName`: instead of the entry's. `permit` goes to every connection.
  explicit ClusterLinks(RedisOptions entry, QString masterName = {}, std::optional<WritePermit> permit = {});
  ~ClusterLinks();

  /// Asks anew who is who: the entry, and when it does not answer the other nodes of the cluster, or the other Sentinels. Links to servers that are still primaries stay. After an
  /// Error everything is as it was.
  Result<void> refresh(const std::stop_token& stop);
  const Topology& topology() const { return m_topology; }
  /// A link was closed by an Error, and not opened again yet.
  bool isBroken() const;

  /// To a server by its index in topology().nodes; opened again when it was closed by an Error.
  Result<RedisConnection*> connectionTo(int node, const std::stop_token& stop);
  /// To the primary of a slot; Busy while nobody owns it.
  Result<RedisConnection*> connectionFor(int slot, const std::stop_token& stop);
  /// Where a redirect leads. MOVED is kept in the topology, with a refresh() where it names a server that is not known as a primary. After ASK the caller sends ASKING
  /// right in front of the command, in the same pipeline; the owner of the slot stays. How often one key may be redirected is the caller's to limit.
  Result<RedisConnection*> follow(const Redirect& redirect, const std::stop_token& stop);
  /// The two halves of follow(): only learn() may make pointers invalid.
  Result<void> learn(const Redirect& redirect, const std::stop_token& stop);
  Result<RedisConnection*> at(const Redirect& redirect, const std::stop_token& stop);

 private:
  Result<RedisConnection*> link(const RedisOptions& options, const std::stop_token& stop);
  int primaryAt(const Redirect& redirect) const;
  Result<Topology> ask(const std::stop_token& stop) const;

  const RedisOptions m_entry;
  const QString m_masterName;
  const std::optional<WritePermit> m_permit;
  Topology m_topology;
  std::map<QString, std::unique_ptr<RedisConnection>> m_links;  // by endpoint
};

}  // namespace cachedeck
