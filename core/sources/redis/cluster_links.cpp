// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/cluster_links.h"

#include "core/sources/redis/node_address.h"

#include <algorithm>

namespace cachedeck {

namespace {

/// The server itself is out of reach, so that another one of the cluster may know more.
bool isAway(Error::Kind kind) {
  using Kind = Error::Kind;
  return kind == Kind::Refused || kind == Kind::Unreachable || kind == Kind::Timeout || kind == Kind::NotFound || kind == Kind::Busy;
}

}  // namespace

ClusterLinks::ClusterLinks(RedisOptions entry, QString masterName, std::optional<WritePermit> permit)
    : m_entry(std::move(entry)), m_masterName(masterName.isEmpty() ? m_entry.masterName : std::move(masterName)), m_permit(std::move(permit)) {}

ClusterLinks::~ClusterLinks() = default;

Result<Topology> ClusterLinks::ask(const std::stop_token& stop) const {
  Result<Topology> topology = discoverTopology(m_entry, m_masterName, stop);
  if (topology || !isAway(topology.error().kind)) return topology;
  QList<RedisOptions> others = m_topology.sentinels;
  if (m_topology.kind == Topology::Kind::Cluster)
    for (const RedisNode& node : m_topology.nodes) others += node.options;
  for (const RedisOptions& options : std::as_const(others)) {
    if (options.endpoint() == m_entry.endpoint()) continue;
    if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    if (Result<Topology> other = discoverTopology(options, m_topology.masterName.isEmpty() ? m_masterName : m_topology.masterName, stop); other && other->kind == m_topology.kind) return other;
  }
  return topology;
}

Result<void> ClusterLinks::refresh(const std::stop_token& stop) {
  Result<Topology> topology = ask(stop);
  if (!topology) return topology.error();
  m_topology = std::move(*topology);
  QStringList kept;
  for (const int index : m_topology.primaries()) kept += m_topology.nodes[index].options.endpoint();
  std::erase_if(m_links, [&](const auto& link) { return !kept.contains(link.first); });
  return {};
}

Result<RedisConnection*> ClusterLinks::link(const RedisOptions& options, const std::stop_token& stop) {
  std::unique_ptr<RedisConnection>& connection = m_links[options.endpoint()];
  if (!connection) connection = m_permit ? std::make_unique<RedisConnection>(options, *m_permit) : std::make_unique<RedisConnection>(options);
  if (!connection->isOpen())
    if (const Result<void> opened = connection->open(stop); !opened) return opened.error();
  return connection.get();
}

Result<RedisConnection*> ClusterLinks::connectionTo(int node, const std::stop_token& stop) {
  if (node < 0 || node >= m_topology.nodes.size()) return fail(Error::Kind::NotFound, QStringLiteral("%1 has no server number %2.").arg(m_entry.endpoint(), QString::number(node)));
  return link(m_topology.nodes[node].options, stop);
}

Result<RedisConnection*> ClusterLinks::connectionFor(int slot, const std::stop_token& stop) {
  const int owner = slot >= 0 && slot < slotCount ? m_topology.slotOwner[static_cast<size_t>(slot)] : -1;
  if (owner >= 0) return connectionTo(owner, stop);
  return fail(Error::Kind::Busy, QStringLiteral("No server of the cluster of %1 that is up owns slot %2. Wait for the failover, or repair the cluster.").arg(m_entry.endpoint(), QString::number(slot)));
}

bool ClusterLinks::isBroken() const {
  return std::ranges::any_of(m_links, [](const auto& link) { return !link.second->isOpen(); });
}

int ClusterLinks::primaryAt(const Redirect& redirect) const {
  for (const int index : m_topology.primaries()) {
    const RedisOptions& options = m_topology.nodes[index].options;
    if (options.host == redirect.host && options.port == redirect.port) return index;
  }
  return -1;
}

Result<void> ClusterLinks::learn(const Redirect& redirect, const std::stop_token& stop) {
  if (redirect.ask) return {};
  if (primaryAt(redirect) < 0)
    if (const Result<void> refreshed = refresh(stop); !refreshed) return refreshed;
  if (const int owner = primaryAt(redirect); owner >= 0) m_topology.slotOwner[static_cast<size_t>(redirect.slot)] = static_cast<std::int16_t>(owner);
  return {};
}

Result<RedisConnection*> ClusterLinks::at(const Redirect& redirect, const std::stop_token& stop) { return link(optionsAt(m_entry, redirect.host, redirect.port), stop); }

Result<RedisConnection*> ClusterLinks::follow(const Redirect& redirect, const std::stop_token& stop) {
  if (const Result<void> learnt = learn(redirect, stop); !learnt) return learnt.error();
  return at(redirect, stop);
}

}  // namespace cachedeck
