// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>
#include <vector>

namespace cachedeck {

/// True while the process runs or is stopped; a zombie counts as gone (kill -0 succeeds on zombies).
bool processAlive(pid_t pid);

/// The processes below `pid`, parents first. PostgreSQL's backends have sessions of their own, so that a process group
/// does not name them.
std::vector<pid_t> descendants(pid_t pid);

}  // namespace cachedeck
