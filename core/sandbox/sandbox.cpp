// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/sandbox.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace cachedeck {

using namespace std::chrono_literals;

namespace {

QString thisProgram() {
  const QString path = QFile::symLinkTarget(QStringLiteral("/proc/self/exe"));
  return QFile::exists(path) ? path : QStringLiteral("/proc/self/exe");  // replaced while it runs: the link still leads to it
}

/// Our environment without libpq's variables, which would bend the sandbox's own connections, and without passwords of
/// other servers, which would stay readable in the supervisor's.
QStringList supervisorEnvironment() {
  QStringList kept;
  const QStringList all = QProcess::systemEnvironment();
  for (const QString& variable : all)
    if (!variable.startsWith(QStringLiteral("PG")) && !variable.startsWith(QStringLiteral("CACHEDECK_"))) kept << variable;
  return kept;
}

LaunchSpec supervisorSpec(const SandboxOptions& options, bool detached, int ownerFd, int statusFd) {
  LaunchSpec spec;
  spec.name = QStringLiteral("The sandbox's supervisor");
  spec.program = options.program.isEmpty() ? thisProgram() : options.program;
  spec.arguments = {QStringLiteral("sandbox"), QStringLiteral("supervise"), QStringLiteral("--owner-fd"), QStringLiteral("3"),
                    QStringLiteral("--status-fd"), QStringLiteral("4")};
  if (detached) spec.arguments << QStringLiteral("--detached");
  if (!options.dir.isEmpty()) spec.arguments << QStringLiteral("--dir") << options.dir;
  spec.environment = supervisorEnvironment();
  spec.directory = QStringLiteral("/");
  spec.logFile = QStringLiteral("/dev/null");
  spec.deathSignal = 0;     // the owner's pipe does it, orderly
  spec.ownSession = true;   // neither Ctrl-C nor the terminal's end reach it
  spec.descriptors = {ownerFd, statusFd};
  return spec;
}

struct Pipe {
  int readEnd = -1, writeEnd = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    readEnd = ends[0];
    writeEnd = ends[1];
  }
  ~Pipe() {
    closeEnd(readEnd);
    closeEnd(writeEnd);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  static void closeEnd(int& fd) {
    if (fd >= 0) ::close(std::exchange(fd, -1));
  }
};

/// The next line of the pipe; empty at its end, Cancelled or Timeout else.
Result<QByteArray> readLine(int fd, QByteArray& buffer, const Deadline& deadline, std::stop_token stop) {
  while (!buffer.contains('\n')) {
    if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("The start of the sandbox was stopped."));
    if (deadline.expired()) return fail(Error::Kind::Timeout, QStringLiteral("The sandbox was not ready in time."));
    pollfd wait{fd, POLLIN, 0};
    if (::poll(&wait, 1, 100) <= 0) continue;
    char chunk[4096];
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got <= 0) return QByteArray();
    buffer.append(chunk, got);
  }
  const qsizetype end = buffer.indexOf('\n');
  const QByteArray line = buffer.left(end);
  buffer.remove(0, end + 1);
  return line;
}

Error toError(const QJsonObject& object) {
  return fail(static_cast<Error::Kind>(object.value(QStringLiteral("kind")).toInt()), object.value(QStringLiteral("message")).toString(),
              object.value(QStringLiteral("detail")).toString());
}

}  // namespace

Result<void> Sandbox::awaitReady(int statusFd, const SandboxProgress& progress, std::stop_token stop) {
  QByteArray buffer;
  const Deadline deadline(150s);
  while (true) {
    Result<QByteArray> line = readLine(statusFd, buffer, deadline, stop);
    if (!line) return line.error();
    if (line->isEmpty()) {
      m_supervisor.wait(Deadline(1s));
      return fail(Error::Kind::Io, QStringLiteral("The sandbox's supervisor ended unexpectedly with %1.").arg(m_supervisor.ending()));
    }
    const QJsonObject object = QJsonDocument::fromJson(*line).object();
    if (object.contains(QStringLiteral("error"))) return toError(object.value(QStringLiteral("error")).toObject());
    if (object.contains(QStringLiteral("progress")) && progress) progress(object.value(QStringLiteral("progress")).toString());
    if (!object.contains(QStringLiteral("ready"))) continue;
    Result<SandboxInfo> info = readState(object.value(QStringLiteral("dir")).toString());
    if (!info) return info.error();
    m_info = *info;
    return {};
  }
}

Result<std::unique_ptr<Sandbox>> Sandbox::start(const SandboxOptions& options, bool detached, const SandboxProgress& progress, std::stop_token stop) {
  Pipe owner, status;
  if (owner.readEnd < 0 || status.readEnd < 0)
    return fail(Error::Kind::Io, QStringLiteral("The sandbox could not be started: %1.").arg(qt_error_string(errno)));
  Result<ServerProcess> process = ServerProcess::start(supervisorSpec(options, detached, owner.readEnd, status.writeEnd));
  if (!process) return process.error();
  Pipe::closeEnd(status.writeEnd);
  std::unique_ptr<Sandbox> sandbox(new Sandbox);
  sandbox->m_ownerFd = std::exchange(owner.writeEnd, -1);
  sandbox->m_supervisor = std::move(*process);
  if (auto ready = sandbox->awaitReady(status.readEnd, progress, stop); !ready) return ready.error();
  return sandbox;
}

Result<std::unique_ptr<Sandbox>> Sandbox::startOwned(const SandboxOptions& options, const SandboxProgress& progress, std::stop_token stop) {
  return start(options, false, progress, stop);
}

void Sandbox::release() {
  const char byte = 'r';
  if (::write(m_ownerFd, &byte, 1) != 1) return;
  m_supervisor.leave();
}

Sandbox::~Sandbox() {
  Pipe::closeEnd(m_ownerFd);
  m_supervisor.wait(Deadline(15s));  // it stops the servers and removes the directory
}

}  // namespace cachedeck
