// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `record [--for 24h] [--file F] [--json]`: keeps the figures on disk until it is stopped or the time is over. `record list [--json]`: what there is.
void addRecordCommand(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
