// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/cluster.h"

#include "tests/support/wait.h"

#include <QSet>

#include <algorithm>

namespace cachedeck::test {
namespace {

constexpr int slots = 16384;
constexpr const char* calm = "60000";    // cluster-node-timeout, ms
constexpr const char* nervous = "2000";

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }
QString text(int number) { return QString::number(number); }

/// A free port for the cluster bus that is none of the others. Not port + 10000, which may lie in the range of outgoing connections.
quint16 busPort(QSet<quint16>& taken) {
  quint16 port = freePort();
  while (taken.contains(port)) port = freePort();
  taken.insert(port);
  return port;
}

QByteArrayList linesOf(const QByteArray& nodes) {
  QByteArrayList lines = nodes.split('\n');
  lines.removeAll(QByteArray());
  return lines;
}

QString refusal(const QByteArray& answer) { return answer == "OK" ? QString() : QStringLiteral("redis-cli: ") + QString::fromUtf8(answer); }

}  // namespace

RedisCluster::RedisCluster(int primaries, int replicasEach, const QStringList& config) : m_primaries(primaries) {
  QSet<quint16> taken;
  while (size() < primaries * (1 + replicasEach)) {
    const quint16 bus = busPort(taken);
    const QStringList lines = QStringList{QStringLiteral("cluster-enabled yes"), QStringLiteral("cluster-config-file nodes.conf"),
                                          QStringLiteral("cluster-node-timeout ") + QLatin1String(calm), QStringLiteral("cluster-port %1").arg(bus),
                                          // However long a replica was without its primary, it may take over.
                                          QStringLiteral("cluster-replica-validity-factor 0"), QStringLiteral("repl-diskless-sync-delay 0"), QStringLiteral("repl-ping-replica-period 1")} + config;
    auto server = std::make_unique<RedisServer>(lines);
    if (taken.contains(server->port())) continue;
    taken.insert(server->port());
    m_busPorts += bus;
    m_servers.push_back(std::move(server));
  }
}

RedisCluster::~RedisCluster() {
  for (const auto& server : m_servers)
    if (server->running()) server->kill9();  // nothing of theirs is kept
}

QString RedisCluster::start() {
  for (const auto& server : m_servers)
    if (const QString reason = server->start(); !reason.isEmpty()) return reason;
  if (const QString reason = join(); !reason.isEmpty()) return reason;
  return settled();
}

QString RedisCluster::join() {
  for (int i = 0; i < m_primaries; ++i) {
    const int first = slots * i / m_primaries;
    const int last = slots * (i + 1) / m_primaries - 1;
    if (const QString reason = refusal(cli(i, words("cluster addslotsrange") + QStringList{text(first), text(last)})); !reason.isEmpty()) return reason;
  }
  for (int i = 0; i < size(); ++i)
    if (const QString reason = refusal(cli(i, words("cluster set-config-epoch") + QStringList{text(i + 1)})); !reason.isEmpty()) return reason;
  // Everybody meets everybody: waiting for the gossip would take seconds.
  for (int i = 0; i < size(); ++i)
    for (int other = i + 1; other < size(); ++other) cli(i, words("cluster meet 127.0.0.1") + QStringList{text(port(other)), text(m_busPorts[other])});
  if (!becomes([&] { return allOf([&](int i) { return knowsAll(i); }); })) return QStringLiteral("The nodes did not meet: ") + QString::fromUtf8(cli(0, words("cluster nodes")));
  for (int i = m_primaries; i < size(); ++i)
    if (const QString reason = refusal(cli(i, words("cluster replicate") + QStringList{QString::fromLatin1(nodeId((i - m_primaries) % m_primaries))})); !reason.isEmpty()) return reason;
  return {};
}

bool RedisCluster::allOf(const std::function<bool(int)>& condition) {
  for (int i = 0; i < size(); ++i)
    if (server(i).running() && !condition(i)) return false;
  return true;
}

bool RedisCluster::notice(int gone, const std::function<bool(int)>& condition) {
  const auto setTimeout = [&](const char* ms) {
    for (int i = 0; i < size(); ++i)
      if (i != gone && server(i).running()) cli(i, words("config set cluster-node-timeout") + QStringList{QString::fromLatin1(ms)});
  };
  setTimeout(nervous);
  const bool noticed = becomes([&] { return allOf([&](int i) { return i == gone || condition(i); }); });
  setTimeout(calm);
  return noticed;
}

bool RedisCluster::knowsAll(int i) const {
  const QByteArray nodes = cli(i, words("cluster nodes"));
  return linesOf(nodes).size() == size() && !nodes.contains("handshake") && !nodes.contains("noaddr") && !nodes.contains("disconnected");
}

QString RedisCluster::settled() {
  QByteArrayList ids;
  for (int i = 0; i < size(); ++i) ids += nodeId(i);
  const auto ready = [&](int i) {
    if (i >= m_primaries && !cli(i, words("info replication")).contains("master_link_status:up")) return false;
    if (!cli(i, words("cluster info")).contains("cluster_state:ok")) return false;
    // A replica is listed, and may take over, from the moment on that it has told its offset.
    const QByteArray map = cli(i, words("cluster slots"));
    return std::all_of(ids.begin(), ids.end(), [&](const QByteArray& id) { return map.contains(id); });
  };
  return becomes([&] { return allOf(ready); }) ? QString() : QStringLiteral("The cluster did not settle: ") + QString::fromUtf8(cli(0, words("cluster nodes")));
}

int RedisCluster::indexOf(quint16 port) const {
  for (int i = 0; i < size(); ++i)
    if (this->port(i) == port) return i;
  return -1;
}

QByteArray RedisCluster::nodeId(int i) const { return cli(i, words("cluster myid")); }

QByteArray RedisCluster::epochOf(int i) const {
  for (const QByteArray& line : linesOf(cli(i, words("cluster info"))))
    if (line.startsWith("cluster_current_epoch:")) return line.trimmed();
  return {};
}

int RedisCluster::ownerOf(int slot, int asked) const {
  const QByteArrayList lines = cli(asked, words("cluster slots")).split('\n');  // first, last, host, port, id, …, one a line
  for (qsizetype i = 0; i + 3 < lines.size(); ++i) {
    if (lines[i + 2] != "127.0.0.1") continue;
    bool isFirst = false, isLast = false;
    const int first = lines[i].toInt(&isFirst), last = lines[i + 1].toInt(&isLast);
    if (isFirst && isLast && first <= slot && slot <= last) return indexOf(lines[i + 3].toUShort());
  }
  return -1;
}

QString RedisCluster::waitForNewOwner(int slot, int old) {
  const auto moved = [&](int i) {
    const int owner = ownerOf(slot, i);
    return owner >= 0 && owner != old && cli(i, words("cluster info")).contains("cluster_state:ok");
  };
  return notice(old, moved) ? QString() : QStringLiteral("Nobody took over the slots of server %1.").arg(old);
}

QString RedisCluster::waitUntilFailed(int dead) {
  const QByteArray address = ':' + QByteArray::number(port(dead)) + '@';
  const auto told = [&](int i) {
    for (const QByteArray& line : linesOf(cli(i, words("cluster nodes")))) {
      const QByteArrayList parts = line.split(' ');
      if (parts.size() > 2 && parts[1].contains(address)) return parts[2].split(',').contains("fail");
    }
    return false;
  };
  return notice(dead, told) ? QString() : QStringLiteral("Server %1 is not held for dead.").arg(dead);
}

QString RedisCluster::beginMigration(int slot, int from, int to) {
  const QStringList setSlot = words("cluster setslot") + QStringList{text(slot)};
  if (const QString reason = refusal(cli(to, setSlot + QStringList{QStringLiteral("importing"), QString::fromLatin1(nodeId(from))})); !reason.isEmpty()) return reason;
  return refusal(cli(from, setSlot + QStringList{QStringLiteral("migrating"), QString::fromLatin1(nodeId(to))}));
}

QString RedisCluster::migrateKeys(int slot, int from, int to, int count) {
  const QByteArrayList names = cli(from, words("cluster getkeysinslot") + QStringList{text(slot), text(count)}).split('\n');
  QStringList migrate = words("migrate 127.0.0.1") + QStringList{text(port(to)), QString(), QStringLiteral("0"), QStringLiteral("60000"), QStringLiteral("keys")};
  for (const QByteArray& name : names) migrate += QString::fromUtf8(name);
  return refusal(cli(from, migrate));
}

QString RedisCluster::endMigration(int slot, int from, int to) {
  const QStringList assign = words("cluster setslot") + QStringList{text(slot), QStringLiteral("node"), QString::fromLatin1(nodeId(to))};
  for (const int i : {to, from})
    if (const QString reason = refusal(cli(i, assign)); !reason.isEmpty()) return reason;
  // One that has not heard of the new epoch yet would take no newer one when it is given a slot itself, and nobody would believe it.
  const auto told = [&](int i) { return ownerOf(slot, i) == to && epochOf(i) == epochOf(to); };
  return becomes([&] { return allOf(told); }) ? QString() : QStringLiteral("The new owner of slot %1 did not become known.").arg(slot);
}

QString RedisCluster::abandonMigration(int slot, int from, int to) {
  for (const int i : {from, to})
    if (const QString reason = refusal(cli(i, words("cluster setslot") + QStringList{text(slot), QStringLiteral("stable")})); !reason.isEmpty()) return reason;
  return {};
}

}  // namespace cachedeck::test
