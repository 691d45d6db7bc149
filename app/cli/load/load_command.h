// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `cachedeck load …`: scenarios, runs, their history.
void addLoadCommand(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
