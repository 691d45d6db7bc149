// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace cachedeck::sample {

/// A copy of the arguments. Passwords in them (scheme://user:password@…, password=…) have been overwritten in the process's own argument memory,
/// so that `ps` no longer shows them. To be called first thing in main.
struct TakenArguments {
  std::vector<std::string> list;     ///< with the passwords
  std::vector<std::string> secrets;  ///< those that were found
};
TakenArguments takeArguments(int argc, char** argv);

}  // namespace cachedeck::sample
