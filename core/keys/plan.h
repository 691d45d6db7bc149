// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/keys/prefix_stats.h"
#include "core/keys/scan.h"
#include "core/keys/selector.h"
#include "core/keys/server_mark.h"
#include "core/keys/ttl_histogram.h"

#include <QMap>

namespace cachedeck::keys {

/// What an action would touch: made by one scan, frozen, carried out exactly as it is.
struct Plan {
  static constexpr std::chrono::minutes goodFor{10};
  static constexpr qint64 largestImage = 8 << 20;  ///< bytes of MEMORY USAGE; a DUMP of more would hold the server up

  QString id;  ///< also the operation's: time and random, [a-z0-9-]
  Selector selector;
  ServerMark server;
  qint64 createdMs = 0;  ///< this machine's wall clock
  qint64 scanned = 0;
  qint64 keys = 0;  ///< exact
  bool detailed = false;  ///< the six below were asked of every key
  qint64 bytes = 0;       ///< of those that could be measured
  qint64 largest = 0;     ///< bytes of the largest key of them
  qint64 unmeasured = 0;  ///< keys whose size the server did not tell (MEMORY USAGE)
  qint64 oversize = 0;    ///< keys too large for an image: a deletion with undo leaves them
  TtlHistogram ttls;
  QMap<QByteArray, qint64> types;
  QList<PrefixRow> prefixes;  ///< those with the most keys
  QList<QByteArray> samples;  ///< evenly drawn over the scan
  QString spoolFile;          ///< key names, until forget()
  qint64 nameBytes = 0;       ///< of the spool
  std::shared_ptr<const void> hold{};  ///< keeps the spool from being taken for one that a kill has left
  QByteArray digest;          ///< hex SHA-256 of the spool
  OwnLookups own;
  double seconds = 0;

  bool sizesKnown() const { return detailed && unmeasured == 0; }
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
  double budgetMs = 0;       ///< longest time that others should wait for the server while it is asked about each key; 0: no budget
  double keysPerSecond = 0;  ///< 0: no bound
};

/// Scans once and keeps the names; on a cluster those of one slot stand side by side as far as memory allows. A cancelled or failed plan leaves nothing on the disk.
Result<Plan> makePlan(const RedisOptions& entry, const Selector& selector, const PlanOptions& options, const Clock& clock, ScanProgress& progress, const std::stop_token& stop);
/// The same over a connection that is open. A node of a cluster and a Sentinel stand for their whole system.
Result<Plan> makePlan(RedisConnection& connection, const Selector& selector, const PlanOptions& options, const Clock& clock, ScanProgress& progress, const std::stop_token& stop);

}  // namespace cachedeck::keys
