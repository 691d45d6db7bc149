// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"

#include <QStringList>

#include <vector>

namespace cachedeck {

/// A copy of the arguments, after passwords in them (scheme://user:password@…, password=…) have been overwritten in the
/// process's own argument memory, so that `ps` no longer shows them. Call first thing in main.
struct Arguments {
  QStringList list;             ///< with the passwords
  std::vector<Secret> secrets;  ///< those that were found, so that complaints about the arguments are redacted
  bool heldPassword() const { return !secrets.empty(); }
};
Arguments takeArguments(int argc, char** argv);

/// What to tell a person who put a password on the command line.
QString passwordWarning();

}  // namespace cachedeck
