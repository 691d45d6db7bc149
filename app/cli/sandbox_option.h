// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sandbox/sandbox_info.h"

#include <string>

namespace CLI {
class App;
}

namespace cachedeck {

/// --sandbox, or --sandbox-dir DIR: a command is about the servers of a sandbox that runs.
class SandboxOption {
 public:
  /// `what`: "The servers", what the command takes of it.
  void addTo(CLI::App& command, const std::string& what);
  bool isGiven() const { return m_any || !m_dir.empty(); }
  /// The one in the directory that was named, or the only one that was started without. NotFound and Usage errors say what to write.
  Result<SandboxInfo> running() const;

 private:
  bool m_any = false;
  std::string m_dir;
};

}  // namespace cachedeck
