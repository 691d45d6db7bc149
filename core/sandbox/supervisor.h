// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck {

/// How the supervisor is told what to do and tells how it stands.
struct SupervisorOptions {
  QString dir;            ///< empty: a new one
  /// A pipe whose other end the owner holds: its end (however the owner ended) ends the sandbox, the byte 'r' sets it free.
  int ownerFd = -1;
  /// A pipe that gets one JSON object a line: {"progress": text}, then {"ready": true, "dir": …} or {"error": {…}}.
  int statusFd = -1;
  bool detached = false;  ///< for `sandbox up`: the owner will let go
};

/// Keeps one sandbox from its start to SIGTERM, SIGINT or the end of its owner: a process of its own, so that nothing is
/// left however the console ends. Returns the exit code.
int superviseSandbox(const SupervisorOptions& options);

}  // namespace cachedeck
