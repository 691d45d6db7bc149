// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/cluster_map.h"

#include "core/base/text.h"
#include "core/sources/redis/node_address.h"

#include <QHash>

#include <algorithm>
#include <utility>

namespace cachedeck {

namespace {

constexpr qsizetype mostNodes = 4096;  // four times what the specification recommends at most

std::vector<Reply::Item> elements(const Reply::Item& item) {
  std::vector<Reply::Item> list;
  if (!item.isArray()) return list;
  for (const Reply::Item element : item) list.push_back(element);
  return list;
}

/// The "ip" among the networking metadata (Redis 7), a flat list of names and values.
QByteArrayView announcedAddress(const std::vector<Reply::Item>& node) {
  if (node.size() < 4) return {};
  const std::vector<Reply::Item> metadata = elements(node[3]);
  for (size_t i = 0; i + 1 < metadata.size(); i += 2)
    if (metadata[i].text() == "ip") return metadata[i + 1].text();
  return {};
}

std::optional<QString> hostOfNode(const std::vector<Reply::Item>& node, const RedisOptions& asked) {
  QByteArrayView host = node[0].text();
  if (host == "?") host = announcedAddress(node);  // host names are preferred, and this server has none
  if (host.isEmpty()) return hostOf(asked);        // "the endpoint that you asked"
  return checkedHost(host);
}

/// Puts an answer to CLUSTER SLOTS together, range by range.
class MapBuilder {
 public:
  MapBuilder(const QSet<QByteArray>& failed, const RedisOptions& asked) : m_failed(failed), m_asked(asked) { m_topology.slotOwner.fill(-1); }

  /// What is wrong with the range, or empty.
  QString addRange(const Reply::Item& item);
  Topology finished() &&;

 private:
  struct Found {
    RedisNode node;
    QByteArray key;
  };
  std::optional<Found> read(const Reply::Item& item) const;
  std::optional<int> primaryIndex(const Reply::Item& item);
  QString assign(qint64 first, qint64 last, int owner);
  QString describe() const;

  const QSet<QByteArray>& m_failed;
  const RedisOptions& m_asked;
  Topology m_topology;
  QHash<QByteArray, int> m_primaries;  // index by id
  QList<bool> m_dead;                  // by index
  QList<RedisNode> m_replicas;
  QSet<QByteArray> m_replicaKeys;
  std::array<bool, slotCount> m_named{};
};

std::optional<MapBuilder::Found> MapBuilder::read(const Reply::Item& item) const {
  const std::vector<Reply::Item> parts = elements(item);
  if (parts.size() < 2) return std::nullopt;
  const std::optional<QString> host = hostOfNode(parts, m_asked);
  const std::optional<quint16> port = checkedPort(parts[1].integer());
  if (!host || !port) return std::nullopt;
  Found found;
  found.node.options = optionsAt(m_asked, *host, *port);
  if (parts.size() > 2) found.key = parts[2].text().toByteArray();
  if (found.key.isEmpty()) found.key = found.node.options.endpoint().toUtf8();  // Redis 3
  found.node.id = printable(found.key, 64);
  return found;
}

std::optional<int> MapBuilder::primaryIndex(const Reply::Item& item) {
  std::optional<Found> found = read(item);
  if (!found) return std::nullopt;
  const auto known = m_primaries.constFind(found->key);
  if (known != m_primaries.constEnd()) return *known;
  const auto index = static_cast<int>(m_topology.nodes.size());
  m_primaries.insert(found->key, index);
  m_dead += m_failed.contains(found->key);
  m_topology.nodes += std::move(found->node);
  return index;
}

QString MapBuilder::assign(qint64 first, qint64 last, int owner) {
  const bool dead = m_dead[owner];
  for (qint64 slot = first; slot <= last; ++slot) {
    const auto at = static_cast<size_t>(slot);
    if (std::exchange(m_named[at], true)) return QStringLiteral("names slot %1 twice (CLUSTER SLOTS)").arg(slot);
    m_topology.slotOwner[at] = static_cast<std::int16_t>(dead ? -1 : owner);
  }
  return {};
}

QString MapBuilder::addRange(const Reply::Item& item) {
  const QString unfit = QStringLiteral("does not fit the question (CLUSTER SLOTS)");
  const QString nowhere = QStringLiteral("names a server without a usable address (CLUSTER SLOTS)");
  const std::vector<Reply::Item> parts = elements(item);
  if (parts.size() < 3 || parts[0].type() != Reply::Type::Integer || parts[1].type() != Reply::Type::Integer) return unfit;
  const qint64 first = parts[0].integer();
  const qint64 last = parts[1].integer();
  if (first < 0 || first > last || last >= slotCount) return QStringLiteral("names slots that do not exist (CLUSTER SLOTS)");
  const std::optional<int> owner = primaryIndex(parts[2]);
  if (!owner) return nowhere;
  if (QString wrong = assign(first, last, *owner); !wrong.isEmpty()) return wrong;
  for (size_t i = 3; i < parts.size(); ++i) {
    std::optional<Found> replica = read(parts[i]);
    if (!replica) return nowhere;
    if (m_replicaKeys.contains(replica->key)) continue;
    m_replicaKeys.insert(replica->key);
    replica->node.primary = false;
    replica->node.primaryId = m_topology.nodes[*owner].id;
    m_replicas += std::move(replica->node);
  }
  return m_topology.nodes.size() + m_replicas.size() > mostNodes ? QStringLiteral("names more than %1 servers (CLUSTER SLOTS)").arg(mostNodes) : QString();
}

QString MapBuilder::describe() const {
  const auto counted = [](qsizetype count, const QString& one, const QString& many) { return QStringLiteral("%1 %2").arg(QString::number(count), count == 1 ? one : many); };
  QString note = counted(m_primaries.size(), QStringLiteral("primary"), QStringLiteral("primaries")) + QStringLiteral(", ") +
                 counted(m_topology.nodes.size() - m_primaries.size(), QStringLiteral("replica"), QStringLiteral("replicas"));
  const auto open = std::count(m_topology.slotOwner.begin(), m_topology.slotOwner.end(), std::int16_t{-1});
  if (open > 0) note += QStringLiteral("; %1 of %2 slots have no server that is up").arg(QString::number(open), QString::number(slotCount));
  return note;
}

Topology MapBuilder::finished() && {
  m_topology.kind = Topology::Kind::Cluster;
  m_topology.nodes += m_replicas;
  m_topology.note = describe();
  return std::move(m_topology);
}

}  // namespace

QSet<QByteArray> failedNodes(QByteArrayView answer) {
  QSet<QByteArray> failed;
  const QList<QByteArray> lines = answer.toByteArray().split('\n');
  for (const QByteArray& line : lines) {
    const QList<QByteArray> words = line.split(' ');  // id, address, flags, …
    if (words.size() > 2 && words[2].split(',').contains("fail")) failed.insert(words[0]);
  }
  return failed;
}

Result<Topology> clusterTopology(const Reply& answer, const QSet<QByteArray>& failed, const RedisOptions& asked) {
  const auto broken = [&](const QString& what) { return replyError(asked, {ReplyFault::Kind::Broken, what}); };
  if (!answer.root().isArray()) return broken(QStringLiteral("does not fit the question (CLUSTER SLOTS)"));
  if (answer.root().size() == 0)
    return fail(Error::Kind::Server, QStringLiteral("%1 belongs to a cluster in which no server has a slot, so that it holds no keys. Assign the slots (redis-cli --cluster create).").arg(asked.endpoint()));
  MapBuilder builder(failed, asked);
  for (const Reply::Item range : answer.root())
    if (const QString wrong = builder.addRange(range); !wrong.isEmpty()) return broken(wrong);
  return std::move(builder).finished();
}

}  // namespace cachedeck
