// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/cluster_links.h"
#include "ui/keys/keyscontroller.h"

namespace cachedeck {

/// The way to the server of each key: the one that the profile names, the primary behind a Sentinel, the primaries of a cluster. Connections are opened when they are needed.
/// Used and destroyed on one worker's thread.
class KeyLink {
 public:
  explicit KeyLink(RedisOptions options, std::optional<WritePermit> permit = {});
  ~KeyLink();
  Result<RedisConnection*> to(const QByteArray& name, const std::stop_token& stop);
  /// After an error: who has which keys is asked again the next time.
  void close();

 private:
  const RedisOptions m_options;
  const std::optional<WritePermit> m_permit;
  std::unique_ptr<ClusterLinks> m_links;
  std::unique_ptr<RedisConnection> m_direct;  // of an account that may not ask for the topology
};

struct RowsAnswer {
  QList<RowFacts> rows;
  qint64 serverMs = 0;  ///< its clock when it was asked; 0: it does not tell
};

// What the window asks about single keys. All block and run on the worker.
Result<RowsAnswer> askRows(KeyLink& link, const QList<QByteArray>& names, const Clock& clock, const std::stop_token& stop);
Result<Inspection> askInspection(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop);
/// By MULTI … DISCARD on this key, or on one that is not there: an account may be asked without rights of an administrator.
Result<KeyRights> askKeyRights(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop);

constexpr int rowsOfAPage = 100;  ///< of a value

}  // namespace cachedeck
