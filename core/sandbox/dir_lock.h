// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <sys/types.h>
#include <unistd.h>
#include <utility>

namespace cachedeck {

/// A descriptor that closes itself.
struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int release() { return std::exchange(fd, -1); }
};

/// "DIR/lock": it marks the directory as a sandbox's, and says who holds it.
QString lockFile(const QString& dir);

/// True when the directory's lock file is ours: only then may anything in it be removed.
bool isSandbox(const QString& dir);

/// Removes everything in a sandbox's directory but the lock.
void emptyExceptLock(const QString& dir);

/// Takes the lock, which holds until the descriptor closes. Usage error when another process keeps it.
Result<int> takeLock(const QString& dir);

/// The process that runs a sandbox in the directory; 0 when none does.
pid_t sandboxHolder(const QString& dir);

/// "The sandbox's directory … cannot be used: why."
Error cannotUse(const QString& dir, const QString& why);

}  // namespace cachedeck
