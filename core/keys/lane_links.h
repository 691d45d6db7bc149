// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_connection.h"

#include <array>
#include <map>
#include <memory>

namespace cachedeck::keys {

/// The connections of lanes: a transaction needs one for itself. Two groups of lanes take turns; each has connections of its own to every server.
class LaneLinks {
 public:
  /// To one server, for one group.
  static constexpr std::size_t most = 16;

  explicit LaneLinks(WritePermit permit) : m_permit(std::move(permit)) {}
  /// One that no other lane of this group has; null when all are taken.
  Result<RedisConnection*> take(const RedisOptions& server, std::size_t group, const std::stop_token& stop);
  /// The group's lanes are done with theirs.
  void giveBack(std::size_t group);
  /// One of them was closed by an Error.
  bool isBroken() const;
  void clear() { m_servers.clear(); }
  std::vector<RedisConnection*> opened() const;

 private:
  struct Group {
    std::vector<std::unique_ptr<RedisConnection>> links;
    std::size_t taken = 0;
  };
  const WritePermit m_permit;
  std::map<QString, std::array<Group, 2>> m_servers;  // by endpoint
};

/// Waits until what was written over these is on at least one replica of each server, or the time is over.
void awaitReplicas(std::span<RedisConnection* const> connections, std::chrono::milliseconds patience, const std::stop_token& stop);

}  // namespace cachedeck::keys
