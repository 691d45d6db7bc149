// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/sentinel.h"

#include "core/base/text.h"
#include "core/sources/redis/node_address.h"

namespace cachedeck {

namespace {

constexpr qsizetype mostReplicas = 1000;
constexpr qsizetype mostSentinels = 100;

/// One conversation with a Sentinel.
class Inquiry {
 public:
  Inquiry(RedisConnection& sentinel, const RedisOptions& wanted, const std::stop_token& stop) : m_sentinel(sentinel), m_wanted(wanted), m_stop(stop) {}

  Result<QByteArray> chooseMaster(const QString& masterName);
  Result<RedisOptions> addressOf(const QByteArray& name);
  Result<Topology> askMaster(const QByteArray& name, const RedisOptions& master);
  Result<QList<RedisOptions>> others(const QByteArray& name);

 private:
  Result<Reply> ask(RedisConnection& connection, const RedisCommand& command, const char* question);
  Error onTheWay(const QByteArray& name, const RedisOptions& master, const Error& error) const;
  Topology describe(const QByteArray& name, const RedisOptions& master, const Reply& role) const;

  RedisConnection& m_sentinel;
  const RedisOptions& m_wanted;
  const std::stop_token& m_stop;
};

QString shown(const QByteArray& name) { return printable(name, 64); }

QString listed(const QList<QByteArray>& names) {
  QStringList few;
  for (const QByteArray& name : names.first(qMin(names.size(), qsizetype{5}))) few += shown(name);
  if (names.size() > few.size()) few += QString(QChar(0x2026));
  return few.join(QStringLiteral(", "));
}

/// "name" of one master among those that SENTINEL MASTERS lists: a flat list of fields and values.
QByteArray nameOf(const Reply::Item& master) {
  bool next = false;
  for (const Reply::Item field : master) {
    if (next) return field.text().toByteArray();
    next = field.text() == "name";  // the first field
    if (!next) break;
  }
  return {};
}

/// The answer, which is an array or nil.
Result<Reply> Inquiry::ask(RedisConnection& connection, const RedisCommand& command, const char* question) {
  Result<Reply> reply = connection.command(command, Deadline(requestDeadline), m_stop);
  if (!reply) return reply;
  if (reply->isError()) return connection.error(*reply);
  if (!reply->root().isArray() && !reply->root().isNil()) return unfitReply(connection, question);
  return reply;
}

Result<QByteArray> Inquiry::chooseMaster(const QString& masterName) {
  const Result<Reply> reply = ask(m_sentinel, {"SENTINEL", "MASTERS"}, "SENTINEL MASTERS");
  if (!reply) return reply.error();
  QList<QByteArray> names;
  for (const Reply::Item master : reply->root())
    if (const QByteArray name = nameOf(master); !name.isEmpty()) names += name;
  const QString endpoint = m_sentinel.options().endpoint();
  if (names.isEmpty()) return fail(Error::Kind::NotFound, QStringLiteral("The Sentinel %1 watches no primary. Let it watch one (SENTINEL MONITOR), or connect to the server itself.").arg(endpoint));
  if (!masterName.isEmpty()) {
    if (names.contains(masterName.toUtf8())) return masterName.toUtf8();
    return fail(Error::Kind::Usage, QStringLiteral("The Sentinel %1 watches no primary of the name “%2”. It watches: %3.").arg(endpoint, printable(masterName, 64), listed(names)));
  }
  if (names.size() == 1) return names.first();
  return fail(Error::Kind::Usage, QStringLiteral("The Sentinel %1 watches several primaries. Enter the name of one: %2.").arg(endpoint, listed(names)));
}

// SENTINEL MASTERS goes on giving the old address for a while after a replica was promoted; this question does not.
Result<RedisOptions> Inquiry::addressOf(const QByteArray& name) {
  constexpr const char* question = "SENTINEL GET-MASTER-ADDR-BY-NAME";
  const Result<Reply> reply = ask(m_sentinel, {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", name}, question);
  if (!reply) return reply.error();
  if (reply->root().isNil())
    return fail(Error::Kind::NotFound, QStringLiteral("The Sentinel %1 does not watch “%2” any more. Try again.").arg(m_sentinel.options().endpoint(), shown(name)));
  if (reply->root().size() != 2) return unfitReply(m_sentinel, question);
  auto part = reply->root().begin();
  const std::optional<QString> host = checkedHost((*part).text());
  const std::optional<quint16> port = checkedPort((*++part).text());
  if (!host || !port) return unfitReply(m_sentinel, question);
  return optionsAt(m_wanted, *host, *port);
}

/// The other Sentinels of this primary, each a flat list of fields and values.
Result<QList<RedisOptions>> Inquiry::others(const QByteArray& name) {
  const Result<Reply> reply = ask(m_sentinel, {"SENTINEL", "SENTINELS", name}, "SENTINEL SENTINELS");
  if (!reply) return reply.error();
  QList<RedisOptions> sentinels;
  for (const Reply::Item sentinel : reply->root()) {
    std::optional<QString> host;
    std::optional<quint16> port;
    QByteArray field;
    for (const Reply::Item part : sentinel) {
      if (field == "ip") host = checkedHost(part.text());
      if (field == "port") port = checkedPort(part.text());
      field = field.isEmpty() ? part.text().toByteArray() : QByteArray();
    }
    if (host && port && sentinels.size() < mostSentinels) sentinels += optionsAt(m_wanted, *host, *port);
  }
  return sentinels;
}

Error Inquiry::onTheWay(const QByteArray& name, const RedisOptions& master, const Error& error) const {
  if (error.isCancelled()) return error;
  const QString text = QStringLiteral("The Sentinel %1 names %2 as the primary of “%3”: ").arg(m_sentinel.options().endpoint(), master.endpoint(), shown(name));
  return fail(error.kind, text + error.message, error.detail);
}

Result<Topology> Inquiry::askMaster(const QByteArray& name, const RedisOptions& master) {
  RedisConnection connection(master);
  if (const Result<void> opened = connection.open(m_stop); !opened) return onTheWay(name, master, opened.error());
  const Result<Reply> role = ask(connection, {"ROLE"}, "ROLE");
  if (!role) return onTheWay(name, master, role.error());
  if (role->root().size() < 1) return onTheWay(name, master, unfitReply(connection, "ROLE"));
  if ((*role->root().begin()).text() == "master") return describe(name, master, *role);
  return fail(Error::Kind::Busy, QStringLiteral("The Sentinel %1 names %2 as the primary of “%3”, but that server is a replica: a failover is under way. Try again in a few seconds.")
                                     .arg(m_sentinel.options().endpoint(), master.endpoint(), shown(name)));
}

/// ROLE of a primary: "master", its offset, and host, port and offset of each replica that is connected.
Topology Inquiry::describe(const QByteArray& name, const RedisOptions& master, const Reply& role) const {
  Topology topology;
  topology.kind = Topology::Kind::Sentinel;
  topology.masterName = QString::fromUtf8(name);
  topology.nodes += RedisNode{master, master.endpoint(), true, {}};
  for (const Reply::Item part : role.root()) {
    if (!part.isArray()) continue;
    for (const Reply::Item replica : part) {
      if (replica.size() < 2 || topology.nodes.size() > mostReplicas) continue;
      auto field = replica.begin();
      const std::optional<QString> host = checkedHost((*field).text());
      const std::optional<quint16> port = checkedPort((*++field).text());
      if (!host || !port) continue;
      const RedisOptions options = optionsAt(m_wanted, *host, *port);
      topology.nodes += RedisNode{options, options.endpoint(), false, master.endpoint()};
    }
  }
  const qsizetype replicas = topology.nodes.size() - 1;
  topology.note = QStringLiteral("primary %1 at %2, %3, named by the Sentinel %4")
                      .arg(shown(name), master.endpoint(), replicas == 1 ? QStringLiteral("1 replica") : QStringLiteral("%1 replicas").arg(replicas), m_sentinel.options().endpoint());
  return topology;
}

}  // namespace

Result<Topology> sentinelTopology(RedisConnection& sentinel, const RedisOptions& wanted, const QString& masterName, const std::stop_token& stop) {
  Inquiry inquiry(sentinel, wanted, stop);
  const Result<QByteArray> name = inquiry.chooseMaster(masterName);
  if (!name) return name.error();
  const Result<RedisOptions> master = inquiry.addressOf(*name);
  if (!master) return master.error();
  Result<Topology> topology = inquiry.askMaster(*name, *master);
  if (!topology) return topology;
  if (Result<QList<RedisOptions>> others = inquiry.others(*name)) topology->sentinels = std::move(*others);  // an account that may not ask has none to fall back on
  return topology;
}

}  // namespace cachedeck
