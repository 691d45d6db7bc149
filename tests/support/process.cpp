// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/process.h"

#include "core/sandbox/ports.h"
#include "core/sandbox/programs.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cstddef>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>

namespace cachedeck::test {

using namespace std::chrono_literals;

/// A port that is free now gets its server, or is to have none, only later: meanwhile another test, or another server of this one, must not be given it. A name in the
/// kernel's own space for sockets says so, and goes with the process.
static bool claim(quint16 port) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const QByteArray name = "cachedeck-test-port-" + QByteArray::number(port);
  std::memcpy(address.sun_path + 1, name.constData(), static_cast<size_t>(name.size()));
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + static_cast<size_t>(name.size()));
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0) return true;  // it stays open
  ::close(fd);
  return false;
}

quint16 freePort() {
  quint16 port = 0;
  for (int attempt = 0; attempt < 100; ++attempt)
    if (port = freePorts(1).value(0); port == 0 || claim(port)) break;
  return port;
}

/// Somewhere that PostgreSQL's account can enter even where $TMPDIR is private to root.
static QString folderTemplate(const std::optional<RunUser>& user) {
  const QString base = user && !blockedOnTheWay(QDir::tempPath(), *user).isEmpty() ? QStringLiteral("/tmp") : QDir::tempPath();
  return base + QStringLiteral("/cachedeck-test-XXXXXX");
}

TestServer::TestServer(const QString& name, const QStringList& programs, bool dropsRoot)
    : m_name(name), m_programs(programs), m_user(dropsRoot ? unprivilegedUser() : std::nullopt),
      m_dir(std::make_unique<QTemporaryDir>(folderTemplate(m_user))), m_port(freePort()) {
  if (auto given = giveTo(dir(), m_user); !given) qWarning("%s", qPrintable(given.error().message));
}

TestServer::~TestServer() = default;

QString TestServer::dir() const { return m_dir->path(); }

QString TestServer::filledIn(QString text) const {
  return text.replace(QStringLiteral("@PORT@"), QString::number(m_port)).replace(QStringLiteral("@DIR@"), dir());
}

QString TestServer::addFile(const QString& name, const QByteArray& content) {
  const QString path = m_dir->filePath(name);
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) return {};
  file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
  return giveTo(path, m_user).ok() ? path : QString();
}

LaunchSpec TestServer::specFor(const QString& name, const QString& program, const QStringList& arguments) const {
  LaunchSpec spec;
  spec.name = name;
  spec.program = program;
  for (const QString& argument : arguments) spec.arguments << filledIn(argument);
  spec.environment = plainEnvironment(dir());
  spec.directory = dir();
  spec.logFile = m_dir->filePath(name + QStringLiteral(".log"));
  spec.user = m_user;
  return spec;
}

QString TestServer::start() {
  if (running()) return {};
  if (!m_dir->isValid()) return m_dir->errorString();
  if (!m_prepared) {
    if (const QString reason = prepare(); !reason.isEmpty()) return reason;
    m_prepared = true;
  }
  // After kill -9 of a postmaster its children need a moment to leave the shared memory; then it starts again.
  QString reason;
  for (int attempt = 0; attempt < 10; ++attempt) {
    reason = startOnce();
    if (reason.isEmpty()) return {};
    std::this_thread::sleep_for(200ms);
  }
  return reason;
}

QString TestServer::startOnce() {
  const QString program = findProgram(m_programs);
  if (program.isEmpty()) return m_programs.join(QStringLiteral(" or ")) + QStringLiteral(" is not installed");
  LaunchSpec spec = specFor(m_name, program, arguments());
  const QStringList more = environment();
  for (const QString& variable : more) spec.environment << filledIn(variable);
  adapt(spec);
  Result<ServerProcess> process = ServerProcess::start(std::move(spec));
  if (!process) return process.error().message;
  m_process = std::move(*process);
  const Deadline deadline(60s);
  while (!ready()) {
    if (!m_process.running()) return m_name + QStringLiteral(" ended with ") + m_process.ending() + QLatin1Char('\n') + log();
    if (deadline.expired()) {
      m_process.stop();
      return m_name + QStringLiteral(" was not ready in time\n") + log();
    }
    std::this_thread::sleep_for(10ms);
  }
  return {};
}

void TestServer::stop() { m_process.stop(); }

void TestServer::kill9() {
  m_process.signal(SIGKILL);
  m_process.wait(Deadline(60s));
}

void TestServer::freeze() { m_process.signal(SIGSTOP, true); }
void TestServer::thaw() { m_process.signal(SIGCONT, true); }

QString TestServer::restart() {
  stop();
  return start();
}

QString startAll(std::initializer_list<TestServer*> servers) {
  for (TestServer* server : servers)
    if (const QString reason = server->start(); !reason.isEmpty()) return reason;
  return {};
}

}  // namespace cachedeck::test
