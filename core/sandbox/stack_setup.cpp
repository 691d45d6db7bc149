// SPDX-License-Identifier: GPL-3.0-or-later
// What a stack is made of: ports, passwords, configuration, and the URLs that come of them.
#include "core/sandbox/ports.h"
#include "core/sandbox/stack.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>

namespace cachedeck {
namespace {

QString password() {
  constexpr char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";  // fit for URLs, YAML and SQL as they are
  QString text;
  for (int i = 0; i < 24; ++i)
    text += QLatin1Char(letters[QRandomGenerator::system()->bounded(static_cast<int>(sizeof letters) - 1)]);
  return text;
}

/// A program below /root, say (built there), that the servers' account cannot get to: it gets a copy of its own.
Result<void> makeReachable(QString& program, const QString& folder, const std::optional<RunUser>& user) {
  if (!user || blockedOnTheWay(QFileInfo(program).canonicalFilePath(), *user).isEmpty()) return {};
  const QString copy = folder + QLatin1Char('/') + QFileInfo(program).fileName();
  QFile original(program);
  if (!original.copy(copy) || !QFile::setPermissions(copy, QFile::ReadOwner | QFile::ExeOwner))
    return fail(Error::Kind::Io, QStringLiteral("%1, which the user %2 cannot reach, could not be copied to %3: %4")
                                     .arg(program, user->name, copy, original.errorString()));
  program = copy;
  return giveTo(copy, user);
}

QString upper(const char* id) { return QString::fromLatin1(id).toUpper(); }

}  // namespace

Stack::Stack(const QString& dir, const std::optional<RunUser>& user) : m_dir(dir), m_user(user) {
  m_values = {{QStringLiteral("DIR"), dir},
              {QStringLiteral("FAST"), QStringLiteral("5s")},  // scrape intervals: short, since people look at once
              {QStringLiteral("SLOW"), QStringLiteral("5s")},
              {QStringLiteral("APP"), QStringLiteral("1s")},
              {QStringLiteral("REDIS_MAXMEMORY"), QStringLiteral("64mb")},
              {QStringLiteral("RUNBOOK_BASE"), QStringLiteral("docs")},  // served nowhere
              {QStringLiteral("CONF"), dir + QStringLiteral("/conf")},
              {QStringLiteral("REDIS_BIND"), QStringLiteral("127.0.0.1")},
              {QStringLiteral("REDIS_DIR"), dir + QStringLiteral("/redis")},
              {QStringLiteral("REDIS_SAVE"), QStringLiteral("\"\"")},  // never: what it holds ends with it
              {QStringLiteral("CONSOLE_RIGHTS"), QStringLiteral("~* &* +@all")},
              {QStringLiteral("POSTGRES_LISTEN"), QStringLiteral("127.0.0.1")},
              {QStringLiteral("POSTGRES_SOCKETS"), QString()},
              {QStringLiteral("POSTGRES_CLIENTS"), QStringLiteral("127.0.0.1/32")},
              {QStringLiteral("POSTGRES_SYNC"), QStringLiteral("off")},
              {QStringLiteral("SUPERUSER_PASSWORD"), password()}, {QStringLiteral("EXPORTER_PASSWORD"), password()},
              {QStringLiteral("CONSOLE_PASSWORD"), password()},   {QStringLiteral("APP_PASSWORD"), password()},
              {QStringLiteral("SAMPLE_PASSWORD"), password()}};
  for (const ServerInfo& info : serverTable()) m_servers.emplace_back().info = &info;
}

Result<void> Stack::prepare() {
  Result<QMap<QString, QString>> programs = findServerPrograms();
  if (!programs) return programs.error();
  m_programs = *programs;
  const QList<quint16> ports = freePorts(static_cast<int>(m_servers.size()));
  if (ports.size() < static_cast<qsizetype>(m_servers.size()))
    return fail(Error::Kind::Io, QStringLiteral("There are not enough free ports on 127.0.0.1 for the sandbox."));
  for (size_t i = 0; i < m_servers.size(); ++i) {
    const QString port = QString::number(m_servers[i].port = ports[static_cast<qsizetype>(i)]);
    m_values[upper(m_servers[i].info->id) + QStringLiteral("_PORT")] = port;
    m_values[upper(m_servers[i].info->id) + QStringLiteral("_TARGETS")] = QStringLiteral("['127.0.0.1:%1']").arg(port);
  }
  m_values[QStringLiteral("APP_TARGETS")] = m_values.value(QStringLiteral("SAMPLE_TARGETS"));
  for (const char* name : {"conf", "log", "redis", "prometheus", "alertmanager"}) {
    const QString path = m_dir + QLatin1Char('/') + QString::fromLatin1(name);
    if (!QDir().mkdir(path)) return fail(Error::Kind::Io, QStringLiteral("The folder %1 could not be made.").arg(path));
    if (auto given = giveTo(path, m_user); !given) return given;
  }
  Result<std::unique_ptr<Inbox>> inbox = Inbox::start(m_dir + QStringLiteral("/log/slack.jsonl"));
  if (!inbox) return inbox.error();
  m_inbox = std::move(*inbox);
  for (const char* channel : {"critical", "performance"})
    m_values[QStringLiteral("SLACK_%1_URL").arg(upper(channel))] = QStringLiteral("http://127.0.0.1:%1/%2").arg(m_inbox->port()).arg(QLatin1String(channel));
  for (QString& program : m_programs)
    if (auto reachable = makeReachable(program, m_dir + QStringLiteral("/conf"), m_user); !reachable) return reachable;
  return writeConfiguration(m_values, m_user);
}

quint16 Stack::port(const char* id) const {
  for (const Server& server : m_servers)
    if (qstrcmp(server.info->id, id) == 0) return server.port;
  return 0;
}

TrafficTarget Stack::trafficTarget() const {
  const auto password = [this](const char* name) { return m_values.value(QString::fromLatin1(name)).toLatin1(); };
  return {port("redis"), port("postgres"), port("sample"), "app", password("APP_PASSWORD"), "app", "demo", password("SAMPLE_PASSWORD")};
}

SandboxInfo Stack::info() const {
  SandboxInfo info;
  info.dir = m_dir;
  for (const Server& server : m_servers) {
    const QString id = QString::fromLatin1(server.info->id);
    info.pids.insert(id, server.process.pid());
    info.ports.insert(id, server.port);
  }
  const auto filledIn = [this](const char* text) {
    const Result<QString> url = fillIn(QString::fromLatin1(text), m_values);
    return url ? *url : QString();
  };
  static constexpr std::pair<const char*, const char*> urls[] = {
      {"redis", "redis://console:@CONSOLE_PASSWORD@@127.0.0.1:@REDIS_PORT@/0"},
      {"postgres", "postgresql://console:@CONSOLE_PASSWORD@@127.0.0.1:@POSTGRES_PORT@/app"},
      {"prometheus", "http://127.0.0.1:@PROMETHEUS_PORT@"},
      {"alertmanager", "http://127.0.0.1:@ALERTMANAGER_PORT@"},
      {"pushgateway", "http://127.0.0.1:@PUSHGATEWAY_PORT@"}};
  for (const auto& [name, text] : urls) info.urls.insert(QString::fromLatin1(name), filledIn(text));
  info.services.insert(QStringLiteral("sample"), filledIn("http://demo:@SAMPLE_PASSWORD@@127.0.0.1:@SAMPLE_PORT@"));
  return info;
}

}  // namespace cachedeck
