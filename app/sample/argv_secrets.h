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

/// The passwords in one argument, as offset and length.
std::vector<std::pair<std::size_t, std::size_t>> passwordsIn(const std::string& argument);

}  // namespace cachedeck::sample
