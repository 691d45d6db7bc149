// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/sandbox/proc_info.h"
#include "core/sandbox/sandbox.h"
#include "core/sandbox/sandbox_dir.h"

#include <QDir>

#include <cerrno>
#include <csignal>
#include <thread>

namespace cachedeck {

using namespace std::chrono_literals;

namespace {

QString absolute(const QString& dir) { return dir.isEmpty() ? QString() : QDir::cleanPath(QDir(dir).absolutePath()); }

Error noneRuns(const QString& dir) {
  return fail(Error::Kind::NotFound, dir.isEmpty() ? QStringLiteral("No sandbox is running. Start one with: cachedeck sandbox up")
                                                   : QStringLiteral("No sandbox is running in %1.").arg(dir));
}

/// The directory that is meant when none is named.
Result<QString> theOne(const QStringList& candidates, const QString& option = QStringLiteral("--dir")) {
  if (candidates.isEmpty()) return noneRuns({});
  if (candidates.size() == 1) return candidates.first();
  return fail(Error::Kind::Usage, QStringLiteral("Several sandboxes are running. Name one with %1:\n%2").arg(option, candidates.join(QLatin1Char('\n'))));
}

QStringList withoutOwner() {
  QStringList dirs;
  const QList<SandboxInfo> all = sandboxList();
  for (const SandboxInfo& info : all)
    if (!info.owned) dirs << info.dir;
  return dirs;
}

}  // namespace

Result<SandboxInfo> sandboxUp(const SandboxOptions& options, const SandboxProgress& progress, std::stop_token stop) {
  const QString dir = absolute(options.dir);
  if (!dir.isEmpty() && sandboxHolder(dir) > 0)
    if (Result<SandboxInfo> running = readState(dir); running && !running->owned) return running;
  Result<std::unique_ptr<Sandbox>> sandbox = Sandbox::start({dir, options.program}, true, progress, stop);
  if (!sandbox) return sandbox.error();
  (*sandbox)->release();
  return (*sandbox)->info();
}

Result<void> sandboxDown(const QString& wanted) {
  QString dir = absolute(wanted);
  if (dir.isEmpty()) {
    Result<QString> one = theOne(withoutOwner());
    if (!one) return one.error();
    dir = *one;
  }
  const pid_t holder = sandboxHolder(dir);
  if (holder <= 0) {
    if (removeLeftOver(dir)) return {};
    return noneRuns(dir);
  }
  if (::kill(holder, SIGTERM) != 0 && errno == EPERM)
    return fail(Error::Kind::Permission, QStringLiteral("The sandbox in %1 belongs to another user.").arg(dir));
  ::kill(holder, SIGCONT);
  for (const Deadline deadline(20s); processAlive(holder) && !deadline.expired();) std::this_thread::sleep_for(20ms);
  if (!processAlive(holder)) return {};
  ::kill(holder, SIGKILL);  // its servers end with it
  for (const Deadline deadline(5s); processAlive(holder) && !deadline.expired();) std::this_thread::sleep_for(20ms);
  removeLeftOver(dir);
  return {};
}

Result<SandboxInfo> sandboxStatus(const QString& wanted, const QString& option) {
  QString dir = absolute(wanted);
  if (dir.isEmpty()) {
    Result<QString> one = theOne(runningSandboxes(), option);
    if (!one) return one.error();
    dir = *one;
  }
  if (sandboxHolder(dir) <= 0) return noneRuns(dir);
  return readState(dir);
}

QList<SandboxInfo> sandboxList() {
  QList<SandboxInfo> list;
  const QStringList dirs = runningSandboxes();
  for (const QString& dir : dirs)
    if (Result<SandboxInfo> info = readState(dir)) list << *info;
  return list;
}

}  // namespace cachedeck
