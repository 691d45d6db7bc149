// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/server_process.h"

#include "core/base/text.h"
#include "core/sandbox/proc_info.h"

#include <QFile>

#include <cerrno>
#include <sys/wait.h>
#include <thread>

namespace cachedeck {

using namespace std::chrono_literals;

Result<ServerProcess> ServerProcess::start(LaunchSpec spec) {
  Result<pid_t> pid = spawn(spec);
  if (!pid) return pid.error();
  ServerProcess process;
  process.m_spec = std::move(spec);
  process.m_pid = *pid;
  return process;
}

ServerProcess::~ServerProcess() { stop(); }

ServerProcess::ServerProcess(ServerProcess&& other) noexcept
    : m_spec(std::move(other.m_spec)), m_pid(std::exchange(other.m_pid, 0)), m_status(other.m_status),
      m_ending(std::move(other.m_ending)) {}

ServerProcess& ServerProcess::operator=(ServerProcess&& other) noexcept {
  if (this == &other) return *this;
  stop();
  m_spec = std::move(other.m_spec);
  m_pid = std::exchange(other.m_pid, 0);
  m_status = other.m_status;
  m_ending = std::move(other.m_ending);
  return *this;
}

bool ServerProcess::running() {
  if (m_pid == 0) return false;
  int status = 0;
  const pid_t reaped = ::waitpid(m_pid, &status, WNOHANG);
  if (reaped == 0 || (reaped < 0 && errno == EINTR)) return true;
  m_status = status;
  m_ending = WIFSIGNALED(status) ? QStringLiteral("signal %1").arg(WTERMSIG(status))
                                 : QStringLiteral("exit code %1").arg(WEXITSTATUS(status));
  m_pid = 0;
  return false;
}

void ServerProcess::signal(int number, bool family) {
  if (!running()) return;
  const std::vector<pid_t> below = family ? descendants(m_pid) : std::vector<pid_t>();
  ::kill(m_pid, number);
  for (pid_t child : below) ::kill(child, number);
}

bool ServerProcess::wait(const Deadline& deadline, std::stop_token stop) {
  while (running()) {
    if (deadline.expired() || stop.stop_requested()) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

void ServerProcess::requestStop() {
  signal(SIGCONT, true);  // a stopped process would not see the request
  signal(m_spec.stopSignal);
}

void ServerProcess::finishStop(const Deadline& deadline) {
  if (wait(deadline)) return;
  signal(SIGKILL, true);
  wait(Deadline(5s));
}

void ServerProcess::stop(std::chrono::milliseconds patience) {
  if (!running()) return;
  requestStop();
  finishStop(Deadline(patience));
}

QString ServerProcess::logTail(qsizetype lines) const {
  QFile file(m_spec.logFile);
  if (!file.open(QIODevice::ReadOnly)) return {};
  file.seek(qMax<qint64>(0, file.size() - 8192));
  QStringList all;
  const QList<QByteArray> raw = file.readAll().split('\n');
  for (const QByteArray& line : raw)
    if (!line.trimmed().isEmpty()) all += printable(line, 400);
  return all.mid(qMax<qsizetype>(0, all.size() - lines)).join(QLatin1Char('\n'));
}

Result<QByteArray> runProgram(LaunchSpec spec, const Deadline& deadline, std::stop_token stop) {
  QFile::remove(spec.logFile);
  Result<ServerProcess> process = ServerProcess::start(std::move(spec));
  if (!process) return process.error();
  const QString name = process->spec().name;
  if (!process->wait(deadline, stop)) {
    process->signal(SIGKILL, true);
    if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("%1 was stopped.").arg(name));
    return fail(Error::Kind::Timeout, QStringLiteral("%1 did not finish in time.").arg(name), process->logTail());
  }
  if (!process->succeeded())
    return fail(Error::Kind::Io, QStringLiteral("%1 failed with %2.").arg(name, process->ending()), process->logTail());
  QFile output(process->spec().logFile);
  return output.open(QIODevice::ReadOnly) ? output.readAll() : QByteArray();
}

}  // namespace cachedeck
