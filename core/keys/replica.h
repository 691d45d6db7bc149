// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/scan.h"

namespace cachedeck::keys {

/// A replica further behind than this is not asked instead of its primary.
inline constexpr std::chrono::seconds replicaMayLag{10};

/// Error unless this server is a replica of what `named` leads to (its primary behind a Sentinel, one of a cluster's), with its link up and heard of within ten seconds (else Busy).
Result<void> checkReplica(RedisConnection& connection, const RedisOptions& named, const std::stop_token& stop);

/// A scan that asks about every key (keys analyse): on the replica that the profile names, when it is up to date, else an Error that says why it is not; without one on the server itself.
Result<ScanResult> scanForAnalysis(const RedisOptions& options, const Selector& selector, const ScanOptions& scan, ScanProgress& progress, const std::stop_token& stop, const Visit& visit);

/// How far the connected replicas of a primary are behind, as INFO replication of the primary says.
struct ReplicaLag {
  int replicas = 0;          ///< connected, and online
  qint64 bytes = 0;          ///< of the one that is furthest behind
  qint64 seconds = 0;        ///< since the one that was silent for longest was heard of
  QString replica;           ///< its address, plain text
};
ReplicaLag replicaLag(QByteArrayView infoReplication);

}  // namespace cachedeck::keys
