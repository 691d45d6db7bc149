// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace cachedeck {

/// Adds `sandbox up|down|status [--json] [--dir D]`, and `supervise`, which the program starts by itself. `choose` gets
/// what is to run after parsing; it returns the exit code. No event loop and no application object is needed.
void addSandboxCommand(CLI::App& app, std::function<void(std::function<int()>)> choose);

}  // namespace cachedeck
