// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace cachedeck {

/// What Q*Application wants of main.
struct Program {
  int argc;
  char** argv;
};

/// Registers what main calls after the arguments are parsed; returns the exit code: 0 fine, 1 failed, 2 usage, 3 cannot connect.
using Choose = std::function<void(std::function<int()>)>;

/// Adds every subcommand.
void addCommands(CLI::App& app, const Program& program, const Choose& choose);

}  // namespace cachedeck
