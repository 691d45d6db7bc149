// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/load_run.h"
#include "core/profiles/profile.h"

#include <optional>

namespace cachedeck {

/// What the page puts under load, and with whose hands: one profile's service and servers.
struct LoadTarget {
  QString profile;
  bool saved = false;  ///< a command can name the profile
  Environment environment = Environment::Production;
  QString serviceUrl;  ///< what the field of the URL begins with; empty: the operator types one
  load::TlsSettings tls;
  std::optional<load::DirectTarget> direct;  ///< for the cache-aside workload, with the passwords
  std::map<std::string, std::string> variables;  ///< what is known of the scenarios' variables (the sandbox's account)
  load::CacheHands hands;
  load::Caps caps;
  QString cache;           ///< what the service caches in, for the record: "redis"; empty: not known
  QString stateFolder;     ///< stateDirectory(): journal and runs
  QString configFolder;    ///< configDirectory(): state.key and scenarios
  QString scenarioFolder() const { return configFolder + QStringLiteral("/scenarios"); }
  QString runFolder() const { return stateFolder + QStringLiteral("/runs"); }
};

/// A run as it was asked for on the page.
struct RunRequest {
  load::Scenario scenario;  ///< as the file has it
  double timeScale = 1;
  QString url;
  std::map<std::string, std::string> variables;
  QString typedHost;        ///< production: the host that is meant
};

}  // namespace cachedeck
