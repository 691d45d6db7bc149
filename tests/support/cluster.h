// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/process.h"

#include <functional>
#include <vector>

namespace cachedeck::test {

/// A Redis Cluster on free loopback ports: servers 0 … primaries-1 are the primaries at first and share the slots evenly; server primaries+i is the first
/// replica of primary i. Nodes are held for dead after a minute, so that a machine that stands still for some seconds is no failure; where a test waits for a failure to be
/// noticed, after 2 s. All functions that wait give up after a minute.
class RedisCluster {
 public:
  /// `config`: further lines for each redis.conf.
  explicit RedisCluster(int primaries = 3, int replicasEach = 1, const QStringList& config = {});
  ~RedisCluster();

  /// Starts and joins them and waits until every node knows all others, covers all slots, and every replica is in step. Empty, or the reason why not.
  QString start();
  int size() const { return static_cast<int>(m_servers.size()); }
  int primaryCount() const { return m_primaries; }
  RedisServer& server(int i) { return *m_servers[static_cast<size_t>(i)]; }
  quint16 port(int i) const { return m_servers[static_cast<size_t>(i)]->port(); }
  /// The server of a port, -1 where it is none of these.
  int indexOf(quint16 port) const;
  /// redis-cli's output of one node.
  QByteArray cli(int i, const QStringList& arguments) const { return m_servers[static_cast<size_t>(i)]->cli(arguments); }
  QByteArray nodeId(int i) const;

  void killPrimary(int i) { server(i).kill9(); }
  void freeze(int i) { server(i).freeze(); }
  void thaw(int i) { server(i).thaw(); }
  /// Starts a killed one again, as a member.
  QString restart(int i) { return server(i).restart(); }

  /// Which server a node holds for the primary of a slot, -1 for none.
  int ownerOf(int slot, int asked) const;
  /// Waits until another server than `old` is primary of the slot in the eyes of all that run and are not `old`, and they all say cluster_state:ok. Empty, or the reason.
  QString waitForNewOwner(int slot, int old);
  /// Waits until a running node's CLUSTER NODES has the flag "fail" for server `dead`, at all but `dead`. Empty, or the reason.
  QString waitUntilFailed(int dead);

  /// Half of a migration, after which names of the slot that are not at `from` get ASK to `to` there. Empty, or the server's error.
  QString beginMigration(int slot, int from, int to);
  /// Moves keys of the half-migrated slot, so that asking for them at `from` gives ASK.
  QString migrateKeys(int slot, int from, int to, int count);
  /// The end of it: `to` owns the slot.
  QString endMigration(int slot, int from, int to);
  /// Keys stay where they are, and the slot with its owner.
  QString abandonMigration(int slot, int from, int to);

 private:
  QString join();
  QString settled();
  bool knowsAll(int i) const;
  QByteArray epochOf(int i) const;
  bool allOf(const std::function<bool(int)>& condition);  // that run
  /// Waits with a short cluster-node-timeout until all but `gone` say so.
  bool notice(int gone, const std::function<bool(int)>& condition);

  const int m_primaries;
  QList<quint16> m_busPorts;
  std::vector<std::unique_ptr<RedisServer>> m_servers;
};

/// redis-server --sentinel that watches one primary as "mymaster", down-after a minute: a machine that stands still for some seconds is no failure.
class SentinelServer : public RedisServer {
 public:
  /// Further lines for its configuration, in which @PORT@ and @DIR@ are filled in, e.g. "requirepass …" or "sentinel failover-timeout mymaster 60000".
  SentinelServer(quint16 primaryPort, int quorum, const QStringList& config = {});

 protected:
  QStringList arguments() override;
  QString prepare() override;

 private:
  const quint16 m_primaryPort;
  const int m_quorum;
  const QStringList m_config;
};

/// A primary (server 0) with two replicas and three Sentinels.
class RedisSentinels {
 public:
  /// `config` for the servers, `sentinelConfig` for the Sentinels; with requirepass in `config`, `password` lets the Sentinels and the fixture in.
  explicit RedisSentinels(const QStringList& config = {}, const QStringList& sentinelConfig = {}, const QString& password = {});
  ~RedisSentinels();

  /// Starts all and waits until each Sentinel knows the replicas and the other two. Empty, or the reason why not.
  QString start();
  RedisServer& server(int i) { return *m_servers[static_cast<size_t>(i)]; }
  SentinelServer& sentinel(int i) { return *m_sentinels[static_cast<size_t>(i)]; }
  /// redis-cli's output of a server, with the password.
  QByteArray cli(int i, const QStringList& arguments) const;
  /// What the first Sentinel that runs names, 0 when there is none.
  quint16 primaryPort() const;
  /// The server of a port, -1 where it is none of these.
  int indexOf(quint16 port) const;
  /// Waits until all Sentinels that run name one and the same other server than `oldPort`, and that says that it is a primary; meanwhile down-after is 2 s. Empty, or the
  /// reason; gives up after three minutes.
  QString waitForFailover(quint16 oldPort);
  /// Kills the primary (or freezes it) and waits for the failover; the old port goes to *old. Empty, or the reason.
  QString failover(bool freeze = false, quint16* old = nullptr);

 private:
  quint16 namedBy(SentinelServer& sentinel) const;
  bool sentinelsReady();
  void setDownAfter(const char* ms);

  const QString m_password;
  std::vector<std::unique_ptr<RedisServer>> m_servers;
  std::vector<std::unique_ptr<SentinelServer>> m_sentinels;
};

}  // namespace cachedeck::test
