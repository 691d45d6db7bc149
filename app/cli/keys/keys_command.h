// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace cachedeck {

/// `cachedeck keys count | list | plan | delete | ttl | undo | resume | operations | analyse`.
void addKeysCommand(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
