// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sandbox/run_user.h"

#include <QList>
#include <QStringList>

#include <csignal>
#include <optional>
#include <sys/types.h>
#include <utility>

namespace cachedeck {

/// How a child process is started. Secrets go by environment or file, never among the arguments.
struct LaunchSpec {
  QString name;             ///< for messages: "redis"
  QString program;          ///< absolute path
  QStringList arguments;
  QStringList environment;  ///< "NAME=value", all of it: nothing is inherited
  QString directory;        ///< working directory
  QString logFile;          ///< standard output and error are appended here
  std::optional<RunUser> user;
  int stopSignal = SIGTERM;
  /// Sent by the kernel when the *thread* that started the process ends: start servers from a thread that lives as long
  /// as they shall. 0 lets the process outlive us.
  int deathSignal = SIGKILL;
  /// A session of its own, for what has to outlive the terminal; else a process group of its own, which keeps Ctrl-C
  /// away too, and which the kernel continues (SIGCONT) should we die while the process is stopped.
  bool ownSession = false;
  /// Our descriptors that the process gets as 3, 4 …; every other one stays closed in it.
  QList<int> descriptors;
};

/// PATH, LANG and HOME as the servers get them.
QStringList plainEnvironment(const QString& home);

/// Starts the process; fails with the reason of fork, of the set-up in the child, or of exec itself.
Result<pid_t> spawn(const LaunchSpec& spec);

}  // namespace cachedeck
