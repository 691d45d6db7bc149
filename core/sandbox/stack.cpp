// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/stack.h"

#include "core/base/log.h"
#include "core/sandbox/database.h"
#include "core/sandbox/ports.h"

#include <QFile>

#include <thread>

namespace cachedeck {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;  // for each step of the start, on a slow and busy machine

Error cancelled() { return fail(Error::Kind::Cancelled, QStringLiteral("The start of the sandbox was stopped.")); }

}  // namespace

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
  if (auto made = makeDatabase(m_values, stop); !made) return stop.stop_requested() ? cancelled() : made;
  if (auto launched = launchStage(2); !launched) return launched;
  if (auto ready = awaitReady(stop); !ready) return ready;
  if (auto reset = resetStatements(m_values, stop); !reset) return stop.stop_requested() ? cancelled() : reset;
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

}  // namespace cachedeck
