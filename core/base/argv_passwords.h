// SPDX-License-Identifier: GPL-3.0-or-later
// No Qt here: the sample service has it, too.
#pragma once

#include <string>
#include <vector>

namespace cachedeck {

/// Overwrites the passwords in one argument of the process (scheme://user:password@…, password=… of a connection string or of a URL's
/// query), so that `ps` no longer shows them. Those that it found.
std::vector<std::string> hidePasswords(char* argument);

}  // namespace cachedeck
