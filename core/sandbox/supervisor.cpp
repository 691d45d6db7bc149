// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/supervisor.h"

#include "core/base/log.h"
#include "core/sandbox/sandbox_dir.h"
#include "core/sandbox/stack.h"

#include <QFile>
#include <QJsonDocument>

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace cachedeck {

using namespace std::chrono_literals;

namespace {

int g_endRequests = -1;  // an eventfd, since a signal handler may do little more than write

void onSignal(int) {
  const quint64 one = 1;
  const int keep = errno;
  [[maybe_unused]] const ssize_t written = ::write(g_endRequests, &one, sizeof one);
  errno = keep;
}

void catchSignals() {
  g_endRequests = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_RESTART;
  for (int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaction(number, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

/// Requests stop when a signal comes or the owner goes.
void watch(int ownerFd, std::stop_source end, std::stop_token done) {
  while (!done.stop_requested() && !end.stop_requested()) {
    pollfd waits[] = {{g_endRequests, POLLIN, 0}, {ownerFd, POLLIN, 0}};  // poll skips a negative descriptor
    if (::poll(waits, 2, 200) <= 0) continue;
    if (waits[0].revents) end.request_stop();
    if (!waits[1].revents) continue;
    char byte = 0;
    if (::read(ownerFd, &byte, 1) == 1 && byte == 'r') ownerFd = -1;
    else end.request_stop();
  }
}

class Status {
 public:
  explicit Status(int fd) : m_fd(fd) {}
  void progress(const QString& text) const { send({{QStringLiteral("progress"), text}}); }
  void ready(const QString& dir) const { send({{QStringLiteral("ready"), true}, {QStringLiteral("dir"), dir}}); }
  void failed(const Error& error) const {
    send({{QStringLiteral("error"), QJsonObject{{QStringLiteral("kind"), static_cast<int>(error.kind)},
                                                {QStringLiteral("message"), error.message},
                                                {QStringLiteral("detail"), error.detail}}}});
    qCWarning(lcSandbox, "%s", qPrintable(error.message));
  }
  void close() {
    if (m_fd >= 0) ::close(std::exchange(m_fd, -1));
  }

 private:
  void send(const QJsonObject& object) const {
    const QByteArray line = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    if (m_fd >= 0 && ::write(m_fd, line.constData(), static_cast<size_t>(line.size())) < 0) return;  // nobody listens any more
  }
  int m_fd;
};

/// Our own messages go to the sandbox's log folder, since nobody reads our standard error.
void logTo(const QString& path) {
  const int fd = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return;
  ::dup2(fd, STDERR_FILENO);
  ::close(fd);
}

Result<void> publish(const Stack& stack, const SandboxDir& dir, bool detached) {
  SandboxInfo info = stack.info();
  info.owned = !detached;
  info.madeDirectory = dir.made();
  info.pids.insert(QStringLiteral("supervisor"), ::getpid());
  return writeState(info);
}

Result<void> keepRunning(Stack& stack, const SandboxDir& dir, const SupervisorOptions& options, Status& status, std::stop_token end) {
  if (auto started = stack.start([&](const QString& text) { status.progress(text); }, end); !started) return started;
  if (auto written = publish(stack, dir, options.detached); !written) return written;
  logTo(dir.path() + QStringLiteral("/log/supervisor.log"));
  status.ready(dir.path());
  status.close();
  while (!end.stop_requested()) {
    if (stack.revive())
      if (auto written = publish(stack, dir, options.detached); !written) qCWarning(lcSandbox, "%s", qPrintable(written.error().message));
    std::this_thread::sleep_for(100ms);
  }
  return {};
}

}  // namespace

int superviseSandbox(const SupervisorOptions& options) {
  ::umask(077);
  catchSignals();
  std::stop_source end;
  const std::jthread watcher([owner = options.ownerFd, end](std::stop_token done) { watch(owner, end, done); });
  Status status(options.statusFd);
  const std::optional<RunUser> user = unprivilegedUser();
  Result<SandboxDir> dir = SandboxDir::claim(options.dir, user);
  if (!dir) {
    status.failed(dir.error());
    return 1;
  }
  Result<void> result;
  for (int attempt = 0; attempt < 3; ++attempt) {  // a port may be taken between its choice and the server's start
    Stack stack(dir->path(), user);
    result = keepRunning(stack, *dir, options, status, end.get_token());
    stack.stop();
    dir->empty();
    if (result || result.error().kind != Error::Kind::Busy) break;
  }
  dir->remove();
  if (!result) status.failed(result.error());
  return result ? 0 : 1;
}

}  // namespace cachedeck
