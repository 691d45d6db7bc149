// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `doctor [--profile NAME | URLs | --sandbox | --sandbox-dir DIR] [--service URL] [--json]`: what is wrong with the servers, and what to do.
/// Exit code 0 nothing above info, 1 warnings or worse, 2 wrong usage, 3 nothing could be reached.
void addDoctorCommand(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
