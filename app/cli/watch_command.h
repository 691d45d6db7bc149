// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `watch [--json] [--every 1s] [--count N]`: the figures of the Overview on standard output.
void addWatchCommand(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
