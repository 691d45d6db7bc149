// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/spawn.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace cachedeck {
namespace {

/// Everything that the child needs, made before fork: after it, other threads' locks are in an unknown state, so that
/// only async-signal-safe calls are allowed.
struct Prepared {
  const LaunchSpec& spec;
  std::vector<QByteArray> strings;
  std::vector<char*> argv, envp;
  QByteArray program, directory;
  std::vector<int> descriptors;
  int nullFd = -1, logFd = -1, errorFd = -1;
  pid_t parent = ::getpid();
  bool dropUser = false;
  uid_t uid = 0;
  gid_t gid = 0;

  explicit Prepared(const LaunchSpec& what) : spec(what), program(QFile::encodeName(what.program)),
                                              directory(QFile::encodeName(what.directory)) {
    strings.reserve(static_cast<size_t>(what.arguments.size() + what.environment.size()));
    argv.push_back(program.data());
    for (const QString& argument : what.arguments) argv.push_back(keep(argument));
    for (const QString& variable : what.environment) envp.push_back(keep(variable));
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    descriptors.assign(what.descriptors.begin(), what.descriptors.end());
    if (what.user) {
      dropUser = true;
      uid = what.user->uid;
      gid = what.user->gid;
    }
  }
  ~Prepared() {
    for (int fd : {nullFd, logFd, errorFd})
      if (fd >= 0) ::close(fd);
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

 private:
  char* keep(const QString& text) { return strings.emplace_back(text.toLocal8Bit()).data(); }
};

constexpr int parking = 64;  // above every number that the child shall have

void resetSignals() {
  for (int number = 1; number < 32; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool placeDescriptors(Prepared& p) {
  if ((p.errorFd = ::fcntl(p.errorFd, F_DUPFD_CLOEXEC, parking)) < 0) return false;
  for (int& fd : p.descriptors)
    if ((fd = ::fcntl(fd, F_DUPFD_CLOEXEC, parking)) < 0) return false;
  if (::dup2(p.nullFd, 0) < 0 || ::dup2(p.logFd, 1) < 0 || ::dup2(p.logFd, 2) < 0) return false;
  int number = 3;
  for (int fd : p.descriptors)
    if (::dup2(fd, number++) < 0) return false;
  ::syscall(SYS_close_range, static_cast<unsigned>(number), ~0U, CLOSE_RANGE_CLOEXEC);  // else their own flag has to do
  return true;
}

bool dropUser(const Prepared& p) {
  if (!p.dropUser) return true;
  return ::setgroups(0, nullptr) == 0 && ::setgid(p.gid) == 0 && ::setuid(p.uid) == 0;
}

bool tieToParent(const Prepared& p) {
  if (p.spec.deathSignal == 0) return true;
  if (::prctl(PR_SET_PDEATHSIG, p.spec.deathSignal) != 0) return false;  // after setuid, which clears it
  if (::getppid() == p.parent) return true;
  ::_exit(126);  // the parent went before the tie held
}

[[noreturn]] void becomeServer(Prepared& p) {
  resetSignals();
  const bool ready = (p.spec.ownSession ? ::setsid() >= 0 : ::setpgid(0, 0) == 0) && placeDescriptors(p) && dropUser(p) &&
                     tieToParent(p) && ::chdir(p.directory.constData()) == 0;
  if (ready) ::execve(p.program.constData(), p.argv.data(), p.envp.data());
  const int reason = errno;
  [[maybe_unused]] const ssize_t written = ::write(p.errorFd, &reason, sizeof reason);
  ::_exit(127);
}

Error cannotStart(const LaunchSpec& spec, int reason) {
  return fail(Error::Kind::Io, QStringLiteral("%1 (%2) could not be started: %3.")
                                   .arg(spec.name, spec.program, qt_error_string(reason)));
}

}  // namespace

QStringList plainEnvironment(const QString& home) {
  return {QStringLiteral("PATH=") + qEnvironmentVariable("PATH", QStringLiteral("/usr/local/bin:/usr/bin:/bin")),
          QStringLiteral("LANG=C.UTF-8"), QStringLiteral("LC_ALL=C.UTF-8"), QStringLiteral("HOME=") + home};
}

Result<pid_t> spawn(const LaunchSpec& spec) {
  Prepared p(spec);
  p.nullFd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  p.logFd = ::open(QFile::encodeName(spec.logFile).constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (p.logFd < 0)
    return fail(Error::Kind::Io, QStringLiteral("The log file %1 could not be opened: %2.").arg(spec.logFile, qt_error_string(errno)));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return cannotStart(spec, errno);
  p.errorFd = ends[1];

  const pid_t pid = ::fork();
  if (pid == 0) becomeServer(p);
  const int forkReason = errno;
  ::close(p.errorFd);
  p.errorFd = -1;
  if (pid < 0) {
    ::close(ends[0]);
    return cannotStart(spec, forkReason);
  }
  int reason = 0;
  ssize_t got;
  do got = ::read(ends[0], &reason, sizeof reason);  // end of file = exec succeeded
  while (got < 0 && errno == EINTR);
  ::close(ends[0]);
  if (got == static_cast<ssize_t>(sizeof reason)) {
    ::waitpid(pid, nullptr, 0);
    return cannotStart(spec, reason);
  }
  return pid;
}

}  // namespace cachedeck
