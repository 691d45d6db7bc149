// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/source_options.h"
#include "core/sources/source.h"

namespace cachedeck {

/// The servers that a command is about.
struct NamedServers {
  Profile profile;
  QMap<QString, SourceSettings> sources;  ///< the enabled ones, with passwords; never empty
};

/// Why there are none, and the exit code that it means.
struct NoServers {
  Error error;
  int exitCode;
};

/// Finds the profile, asks on the terminal for passwords that are missing, and takes the sources that are enabled.
Expected<NamedServers, NoServers> namedServers(const SourceOptions& options, Secrets& secrets);

}  // namespace cachedeck
