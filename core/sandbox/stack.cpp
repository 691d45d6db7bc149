// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/stack.h"

#include "core/base/log.h"
#include "core/sandbox/database.h"
#include "core/sandbox/ports.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>

#include <thread>

namespace cachedeck {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;  // for each step of the start, on a slow and busy machine

QString password() {
  constexpr char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";  // fit for URLs, YAML and SQL as they are
  QString text;
  for (int i = 0; i < 24; ++i)
    text += QLatin1Char(letters[QRandomGenerator::system()->bounded(static_cast<int>(sizeof letters) - 1)]);
  return text;
}

Error cancelled() { return fail(Error::Kind::Cancelled, QStringLiteral("The start of the sandbox was stopped.")); }

QString upper(const char* id) { return QString::fromLatin1(id).toUpper(); }

}  // namespace

Stack::Stack(const QString& dir, const std::optional<RunUser>& user) : m_dir(dir), m_user(user) {
  m_values = {{QStringLiteral("DIR"), dir},
              {QStringLiteral("FAST"), QStringLiteral("5s")},  // scrape intervals: short, since people look at once
              {QStringLiteral("SLOW"), QStringLiteral("5s")},
              {QStringLiteral("REDIS_MAXMEMORY"), QStringLiteral("64mb")},
              {QStringLiteral("APP_TARGETS"), QStringLiteral("[]")},
              {QStringLiteral("SLACK_URL"), QStringLiteral("http://127.0.0.1:9")},  // nobody listens: alerts stay on this machine
              {QStringLiteral("SUPERUSER_PASSWORD"), password()}, {QStringLiteral("EXPORTER_PASSWORD"), password()},
              {QStringLiteral("CONSOLE_PASSWORD"), password()},   {QStringLiteral("APP_PASSWORD"), password()}};
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
  for (const char* name : {"conf", "log", "redis", "prometheus", "alertmanager"}) {
    const QString path = m_dir + QLatin1Char('/') + QString::fromLatin1(name);
    if (!QDir().mkdir(path)) return fail(Error::Kind::Io, QStringLiteral("The folder %1 could not be made.").arg(path));
    if (auto given = giveTo(path, m_user); !given) return given;
  }
  return writeConfiguration(m_values, m_user);
}

Result<void> Stack::launch(Server& server) {
  LaunchSpec spec;
  spec.name = QString::fromLatin1(server.info->title);
  spec.program = m_programs.value(QString::fromLatin1(server.info->id));
  spec.environment = plainEnvironment(m_dir);
  const auto append = [this](QStringList& list, const char* texts) -> Result<void> {
    const QStringList parts = QString::fromLatin1(texts).split(QLatin1Char('|'), Qt::SkipEmptyParts);
    for (const QString& part : parts) {
      Result<QString> text = fillIn(part, m_values);
      if (!text) return text.error();
      list << *text;
    }
    return {};
  };
  if (auto done = append(spec.arguments, server.info->arguments); !done) return done;
  if (auto done = append(spec.environment, server.info->environment); !done) return done;
  spec.directory = m_dir;
  spec.logFile = QStringLiteral("%1/log/%2.log").arg(m_dir, QString::fromLatin1(server.info->id));
  spec.user = m_user;
  spec.stopSignal = server.info->stopSignal;
  spec.deathSignal = server.info->deathSignal;
  Result<ServerProcess> process = ServerProcess::start(std::move(spec));
  if (!process) return process.error();
  server.process = std::move(*process);
  return {};
}

Result<void> Stack::launchStage(int stage) {
  for (Server& server : m_servers)
    if (server.info->stage == stage)
      if (auto launched = launch(server); !launched) return launched;
  return {};
}

Error Stack::ended(const Server& server) const {
  const bool portTaken = !portIsFree(server.port);
  return fail(portTaken ? Error::Kind::Busy : Error::Kind::Io,
              portTaken ? QStringLiteral("%1 could not start: another program took port %2.").arg(QString::fromLatin1(server.info->title)).arg(server.port)
                        : QStringLiteral("%1 ended with %2 while it started.").arg(QString::fromLatin1(server.info->title), server.process.ending()),
              server.process.logTail());
}

Result<void> Stack::awaitReady(std::stop_token stop) {
  const Deadline deadline(patience);
  for (Server& server : m_servers) {
    if (server.process.pid() == 0) continue;  // its stage comes later
    while (!server.info->ready(server.port)) {
      if (!server.process.running()) return ended(server);
      if (stop.stop_requested()) return cancelled();
      if (deadline.expired())
        return fail(Error::Kind::Timeout, QStringLiteral("%1 was not ready in time.").arg(QString::fromLatin1(server.info->title)), server.process.logTail());
      std::this_thread::sleep_for(20ms);
    }
  }
  return {};
}

Result<void> Stack::start(const Progress& progress, std::stop_token stop) {
  if (auto prepared = prepare(); !prepared) return prepared;
  progress(QStringLiteral("Starting the servers and making a database cluster"));
  Result<LaunchSpec> spec = initdbSpec(m_values, m_user);
  if (!spec) return spec.error();
  if (auto launched = launchStage(0); !launched) return launched;  // they come up while initdb works
  if (auto made = runProgram(std::move(*spec), Deadline(patience), stop); !made) return made.error();
  QFile::remove(m_dir + QStringLiteral("/conf/superuser"));
  if (auto launched = launchStage(1); !launched) return launched;
  if (auto ready = awaitReady(stop); !ready) return ready;
  progress(QStringLiteral("Filling the database"));
  if (auto filled = fillDatabase(m_values, stop); !filled) return stop.stop_requested() ? cancelled() : filled;
  if (auto launched = launchStage(2); !launched) return launched;
  if (auto ready = awaitReady(stop); !ready) return ready;
  m_traffic = std::make_unique<Traffic>(trafficTarget());
  return {};
}

bool Stack::revive() {
  bool changed = false;
  for (Server& server : m_servers) {
    if (server.process.running()) continue;
    if (!server.down) {
      qCWarning(lcSandbox, "%s ended with %s; it is started again in 2 s", server.info->title, qPrintable(server.process.ending()));
      server.down = true;
      server.retry = Deadline(2s);
    }
    if (!server.retry.expired()) continue;
    if (auto launched = launch(server); !launched) qCWarning(lcSandbox, "%s", qPrintable(launched.error().message));
    server.down = false;
    changed = true;
  }
  return changed;
}

void Stack::stop() {
  if (m_traffic) m_traffic->requestStop();
  for (Server& server : m_servers) server.process.requestStop();
  const Deadline deadline(8s);
  for (Server& server : m_servers) server.process.finishStop(deadline);
  m_traffic.reset();
}

quint16 Stack::port(const char* id) const {
  for (const Server& server : m_servers)
    if (qstrcmp(server.info->id, id) == 0) return server.port;
  return 0;
}

TrafficTarget Stack::trafficTarget() const {
  return {port("redis"), port("postgres"), "app", m_values.value(QStringLiteral("APP_PASSWORD")).toLatin1(), "app"};
}

SandboxInfo Stack::info() const {
  SandboxInfo info;
  info.dir = m_dir;
  for (const Server& server : m_servers) {
    const QString id = QString::fromLatin1(server.info->id);
    info.pids.insert(id, server.process.pid());
    info.ports.insert(id, server.port);
  }
  static constexpr std::pair<const char*, const char*> urls[] = {
      {"redis", "redis://console:@CONSOLE_PASSWORD@@127.0.0.1:@REDIS_PORT@/0"},
      {"postgres", "postgresql://console:@CONSOLE_PASSWORD@@127.0.0.1:@POSTGRES_PORT@/app"},
      {"prometheus", "http://127.0.0.1:@PROMETHEUS_PORT@"},
      {"alertmanager", "http://127.0.0.1:@ALERTMANAGER_PORT@"},
      {"pushgateway", "http://127.0.0.1:@PUSHGATEWAY_PORT@"}};
  for (const auto& [name, text] : urls)
    if (const Result<QString> url = fillIn(QString::fromLatin1(text), m_values)) info.urls.insert(QString::fromLatin1(name), *url);
  return info;
}

}  // namespace cachedeck
