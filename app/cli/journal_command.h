// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `journal show|verify|export [--file PATH]`: what was done to the servers, whether the record of it is intact, and the record for other programs.
/// No event loop and no application object is needed.
void addJournalCommand(CLI::App& app, const Choose& choose);

}  // namespace cachedeck
