// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/cluster.h"
#include "tests/support/wait.h"

#include <QSet>

#include <algorithm>

namespace cachedeck::test {
namespace {

constexpr const char* calm = "60000";    // down-after, ms
constexpr const char* nervous = "2000";

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

/// The value of a field in redis-cli's plain output of a flat list: one item a line.
QByteArray field(const QByteArray& output, const QByteArray& name) {
  const QByteArrayList lines = output.split('\n');
  const qsizetype at = lines.indexOf(name);
  return at >= 0 ? lines.value(at + 1) : QByteArray();
}

}  // namespace

SentinelServer::SentinelServer(quint16 primaryPort, int quorum, const QStringList& config)
    : m_primaryPort(primaryPort), m_quorum(quorum), m_config(config) {}

QString SentinelServer::prepare() {
  const QStringList lines = QStringList{QStringLiteral("port @PORT@"), QStringLiteral("bind 127.0.0.1"), QStringLiteral("dir @DIR@"),
                                        QStringLiteral("sentinel monitor mymaster 127.0.0.1 %1 %2").arg(m_primaryPort).arg(m_quorum),
                                        QStringLiteral("sentinel down-after-milliseconds mymaster ") + QLatin1String(calm),
                                        QStringLiteral("sentinel failover-timeout mymaster 5000")} + m_config;
  const QString path = addFile(QStringLiteral("sentinel.conf"), filledIn(lines.join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8());
  return path.isEmpty() ? QStringLiteral("sentinel.conf could not be written") : QString();
}

QStringList SentinelServer::arguments() { return {QStringLiteral("@DIR@/sentinel.conf"), QStringLiteral("--sentinel")}; }

RedisSentinels::RedisSentinels(const QStringList& config, const QStringList& sentinelConfig, const QString& password) : m_password(password) {
  QStringList lines = QStringList{QStringLiteral("repl-diskless-sync-delay 0"), QStringLiteral("repl-ping-replica-period 1")} + config;
  if (!password.isEmpty()) lines += {QStringLiteral("requirepass ") + password, QStringLiteral("masterauth ") + password};
  m_servers.push_back(std::make_unique<RedisServer>(lines));
  const quint16 primary = m_servers.front()->port();
  for (int i = 0; i < 2; ++i) m_servers.push_back(std::make_unique<RedisServer>(lines + QStringList{QStringLiteral("replicaof 127.0.0.1 %1").arg(primary)}));
  QStringList watch = sentinelConfig;
  if (!password.isEmpty()) watch += QStringLiteral("sentinel auth-pass mymaster ") + password;
  for (int i = 0; i < 3; ++i) m_sentinels.push_back(std::make_unique<SentinelServer>(primary, 2, watch));
}

RedisSentinels::~RedisSentinels() {
  for (const auto& sentinel : m_sentinels)
    if (sentinel->running()) sentinel->kill9();
  for (const auto& server : m_servers)
    if (server->running()) server->kill9();
}

QString RedisSentinels::start() {
  for (const auto& server : m_servers)
    if (const QString reason = server->start(); !reason.isEmpty()) return reason;
  const auto inStep = [&](int i) { return cli(i, words("info replication")).contains("master_link_status:up"); };
  if (!becomes([&] { return inStep(1) && inStep(2); })) return QStringLiteral("The replicas did not get in step.\n") + m_servers[1]->log();
  for (const auto& sentinel : m_sentinels)
    if (const QString reason = sentinel->start(); !reason.isEmpty()) return reason;
  return becomes([&] { return sentinelsReady(); }) ? QString() : QStringLiteral("The Sentinels did not find each other.\n") + m_sentinels[0]->log();
}

bool RedisSentinels::sentinelsReady() {
  return std::all_of(m_sentinels.begin(), m_sentinels.end(), [](const auto& sentinel) {
    const QByteArray master = sentinel->cli(words("sentinel master mymaster"));
    const QByteArray replicas = sentinel->cli(words("sentinel replicas mymaster"));
    return field(master, "num-slaves") == "2" && field(master, "num-other-sentinels") == "2" && field(master, "flags") == "master" &&
           replicas.count("master-link-status\nok") == 2 && !replicas.contains("_down");
  });
}

QByteArray RedisSentinels::cli(int i, const QStringList& arguments) const {
  const QStringList entry = m_password.isEmpty() ? QStringList() : QStringList{QStringLiteral("--pass"), m_password};
  return m_servers[static_cast<size_t>(i)]->cli(entry + arguments);
}

int RedisSentinels::indexOf(quint16 port) const {
  for (size_t i = 0; i < m_servers.size(); ++i)
    if (m_servers[i]->port() == port) return static_cast<int>(i);
  return -1;
}

quint16 RedisSentinels::namedBy(SentinelServer& sentinel) const {
  return sentinel.cli(words("sentinel get-master-addr-by-name mymaster")).split('\n').value(1).toUShort();
}

quint16 RedisSentinels::primaryPort() const {
  for (const auto& sentinel : m_sentinels)
    if (sentinel->running()) return namedBy(*sentinel);
  return 0;
}

void RedisSentinels::setDownAfter(const char* ms) {
  for (const auto& sentinel : m_sentinels)
    if (sentinel->running()) sentinel->cli(words("sentinel set mymaster down-after-milliseconds") + QStringList{QString::fromLatin1(ms)});
}

QString RedisSentinels::waitForFailover(quint16 oldPort) {
  const auto done = [&] {
    QSet<quint16> named;
    for (const auto& sentinel : m_sentinels)
      if (sentinel->running()) named += namedBy(*sentinel);
    const int primary = named.size() == 1 ? indexOf(*named.begin()) : -1;
    return primary >= 0 && !named.contains(oldPort) && cli(primary, words("role")).startsWith("master");
  };
  setDownAfter(nervous);
  const bool isDone = becomes(done, std::chrono::minutes(3));  // a Sentinel that stood still for two seconds does nothing for thirty
  setDownAfter(calm);
  return isDone ? QString() : QStringLiteral("There was no failover from port %1.\n").arg(oldPort) + m_sentinels[0]->log();
}

QString RedisSentinels::failover(bool freeze, quint16* old) {
  const quint16 port = primaryPort();
  if (old) *old = port;
  const int primary = indexOf(port);
  if (primary < 0) return QStringLiteral("The Sentinels name no primary.");
  if (freeze)
    server(primary).freeze();
  else
    server(primary).kill9();
  return waitForFailover(port);
}

}  // namespace cachedeck::test
