// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// The window itself, when no subcommand is named: [--profile …|--redis URL …|--sandbox], and offscreen with --grab FILE.
void addConsoleCommand(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
