// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_connection.h"

#include <array>
#include <cstdint>

namespace cachedeck {

/// Slot of a key in a cluster: CRC16 (XMODEM) of the name, or of what stands in its first non-empty {…}, modulo 16384.
constexpr int slotCount = 16384;
int slotOf(QByteArrayView name);

/// An answer of another form than the question's has: nothing more is asked on this connection, which is closed.
Error unfitReply(RedisConnection& connection, const char* question);

/// One server of a system.
struct RedisNode {
  RedisOptions options;   ///< how to reach it: address of its own, everything else as the profile has it
  QString id;             ///< cluster node id, or "host:port"
  bool primary = true;
  QString primaryId;      ///< of a replica
};

/// The servers behind what a profile names.
struct Topology {
  enum class Kind { Standalone, Cluster, Sentinel };
  Kind kind = Kind::Standalone;
  QList<RedisNode> nodes;                                     ///< primaries first
  std::array<std::int16_t, slotCount> slotOwner{};            ///< index into nodes of the slot's primary, -1: nobody; all 0 unless Cluster
  QString masterName;                                         ///< of a Sentinel: what it calls the primary
  QList<RedisOptions> sentinels;                              ///< of a Sentinel: the others that watch the same primary
  QString note;                                               ///< "3 primaries, 3 replicas", "primary mymaster at …", plain text
  QList<int> primaries() const;                               ///< indices of the primaries
};

/// Asks an open connection what it belongs to: INFO replication and server (redis_mode), CLUSTER SLOTS or SHARDS. A Sentinel (redis_mode:sentinel) is asked for its master: the only one it
/// watches, or `masterName`; the master found is asked for its ROLE, since a Sentinel may be late. A replica outside of a cluster is reported as such (primary false); writing to it is refused elsewhere.
Result<Topology> discoverTopology(RedisConnection& connection, const QString& masterName, const std::stop_token& stop);

/// The same with a connection of its own. A Sentinel that wants no password, or knows no databases, is asked without; the options of its servers keep both.
Result<Topology> discoverTopology(const RedisOptions& options, const QString& masterName, const std::stop_token& stop);

/// "MOVED 3999 127.0.0.1:6381" and "ASK …": where to go. Port and host are checked; an empty host means the same one (`asked`).
struct Redirect {
  bool ask = false;
  int slot = 0;
  QString host;
  quint16 port = 0;
};
std::optional<Redirect> redirectOf(QByteArrayView errorReply, const QString& askedHost);

}  // namespace cachedeck
