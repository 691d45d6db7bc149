// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/topology.h"

#include <QStringList>

namespace cachedeck::keys {

/// Which server, or system of servers, a plan was made on; an action goes nowhere else.
struct ServerMark {
  QString endpoint;  ///< as the profile names it: the server, a node of the cluster, a Sentinel
  int database = 0;
  QString runId;   ///< changes at every restart; empty of a cluster
  QString version;  ///< the oldest of a cluster
  bool primary = true;
  qint64 clockMs = 0;  ///< its wall clock when it was asked
  Topology::Kind kind = Topology::Kind::Standalone;
  QString masterName;   ///< what the Sentinels call the primary
  QStringList members;  ///< of a cluster the ids of its nodes, behind a Sentinel the addresses of its servers
  QString lineage;      ///< changes where a primary's data may have lost their end: a restart, a failover

  bool hasExpireTime() const { return version.section(QLatin1Char('.'), 0, 0).toInt() >= 7; }
  /// "10.0.0.5:6379 db 0"
  QString text() const;
  /// The same keys may be expected there: of a standalone server a restart makes the difference, while a failover leaves a system what it was.
  bool isSame(const ServerMark& other) const;
  /// The same, whatever happened to it since.
  bool isSameSystem(const ServerMark& other) const;
};

/// INFO server and replication, TIME. A node of a cluster and a Sentinel stand for their whole system, whose primaries are then asked.
Result<ServerMark> askServer(RedisConnection& connection, const std::stop_token& stop);

/// Of one server, be it what it may.
Result<ServerMark> askOneServer(RedisConnection& connection, const std::stop_token& stop);
/// What a connection leads to, by INFO server; a server that does not tell is taken for a standalone one.
Result<Topology::Kind> askKind(RedisConnection& connection, const std::stop_token& stop);

}  // namespace cachedeck::keys
