// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `snapshot take | show | verify`: what the servers said over a stretch of time, as one file.
void addSnapshotCommand(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
