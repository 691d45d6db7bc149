// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/keys/prefix_stats.h"
#include "core/keys/scan.h"
#include "core/keys/selector.h"
#include "core/keys/ttl_histogram.h"

#include <QMap>

namespace cachedeck::keys {

/// Which server a plan was made on; an action goes nowhere else.
struct ServerMark {
  QString endpoint;
  int database = 0;
  QString runId;   ///< changes at every restart
  QString version;
  bool primary = true;
  qint64 clockMs = 0;  ///< its wall clock when it was asked

  bool hasExpireTime() const { return version.section(QLatin1Char('.'), 0, 0).toInt() >= 7; }
  /// "10.0.0.5:6379 db 0"
  QString text() const;
  bool isSame(const ServerMark& other) const { return endpoint == other.endpoint && database == other.database && runId == other.runId && primary == other.primary; }
};
/// INFO server and replication, TIME.
Result<ServerMark> askServer(RedisConnection& connection, const std::stop_token& stop);

/// What an action would touch: made by one scan, frozen, carried out exactly as it is.
struct Plan {
  static constexpr std::chrono::minutes goodFor{10};

  QString id;  ///< also the operation's: time and random, [a-z0-9-]
  Selector selector;
  ServerMark server;
  qint64 createdMs = 0;  ///< this machine's wall clock
  qint64 scanned = 0;
  qint64 keys = 0;  ///< exact
  bool detailed = false;  ///< the five below are known, of every key
  qint64 bytes = 0;
  qint64 largest = 0;  ///< bytes of the largest key
  TtlHistogram ttls;
  QMap<QByteArray, qint64> types;
  QList<PrefixRow> prefixes;  ///< those with the most keys
  QList<QByteArray> samples;  ///< evenly drawn over the scan
  QString spoolFile;          ///< key names, until forget()
  QByteArray digest;          ///< hex SHA-256 of the spool
  OwnLookups own;
  double seconds = 0;

  QJsonObject toJson() const;
  /// Of an operation's log; without samples, prefixes and the selector's names.
  static Result<Plan> fromJson(const QJsonObject& json);
  /// Removes the key names from the disk.
  void forget() const;
};

struct PlanOptions {
  QString folder;              ///< where the names are spooled (stateDirectory()/plans)
  bool detailed = true;        ///< ask size, type and TTL of every match
  QByteArray separator = ":";
  qsizetype samples = 20;
};

/// Scans once and keeps the names. A cancelled or failed plan leaves nothing on the disk.
Result<Plan> makePlan(RedisConnection& connection, const Selector& selector, const PlanOptions& options, const Clock& clock, ScanProgress& progress, const std::stop_token& stop);

}  // namespace cachedeck::keys
