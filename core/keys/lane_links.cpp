// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/lane_links.h"

#include <algorithm>

namespace cachedeck::keys {

Result<RedisConnection*> LaneLinks::take(const RedisOptions& server, std::size_t group, const std::stop_token& stop) {
  Group& own = m_servers[server.endpoint()][group];
  if (own.taken >= most) return nullptr;
  if (own.taken == own.links.size()) own.links.push_back(std::make_unique<RedisConnection>(server, m_permit));
  RedisConnection& link = *own.links[own.taken++];
  if (!link.isOpen())
    if (const Result<void> opened = link.open(stop); !opened) return opened.error();
  return &link;
}

void LaneLinks::giveBack(std::size_t group) {
  for (auto& [endpoint, groups] : m_servers) groups[group].taken = 0;
}

bool LaneLinks::isBroken() const {
  return std::ranges::any_of(m_servers, [](const auto& server) {
    return std::ranges::any_of(server.second, [](const Group& group) { return std::ranges::any_of(group.links, [](const auto& link) { return !link->isOpen(); }); });
  });
}

std::vector<RedisConnection*> LaneLinks::opened() const {
  std::vector<RedisConnection*> out;
  for (const auto& [endpoint, groups] : m_servers)
    for (const Group& group : groups)
      for (const auto& link : group.links)
        if (link->isOpen()) out.push_back(link.get());
  return out;
}

void awaitReplicas(std::span<RedisConnection* const> connections, std::chrono::milliseconds patience, const std::stop_token& stop) {
  const RedisCommand wait{"WAIT", "1", QByteArray::number(static_cast<qint64>(patience.count()))};
  std::vector<RedisConnection*> asked;
  for (RedisConnection* connection : connections)
    if (connection->isOpen() && connection->send({&wait, 1})) asked.push_back(connection);
  // A server that says no, or nothing, leaves it at what can be known: the next look at who is primary shows whether anything was lost.
  for (RedisConnection* connection : asked) static_cast<void>(connection->collect(1, Deadline(2 * patience), stop));
}

}  // namespace cachedeck::keys
