// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `snapshot export F --format png|svg|pdf|html|csv|json|md [--panel ID] [--theme light|dark] --out G` and
/// `snapshot compare A B [--format text|md|json|html] [--out G]`.
void addSnapshotReportCommands(CLI::App& snapshot, const Choose& choose);

}  // namespace cachedeck
