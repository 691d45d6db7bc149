// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_guard.h"
#include "core/sources/http/http_settings.h"

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
  load::LoadLimits limits;                   ///< the profile's own
  runs::RunGuard::Foreign foreign;           ///< which URLs are another profile's; may be empty
  QString redis;                             ///< endpoint of the profile's Redis ("10.0.0.5:6379"), by which other consoles find the run in the journal; may be empty
  std::optional<HttpSettings> pushgateway;   ///< where results can be pushed
  QString sandboxDir;      ///< of the sandbox whose servers these are; empty: of none
  QMap<QString, SourceSettings> servers;  ///< "redis" and "postgres" as they were named, for a command, where no saved profile and no sandbox has them
  QString cache;           ///< what the service caches in, for the record: "redis"; empty: not known
  QString stateFolder;     ///< stateDirectory(): journal and runs
  QString configFolder;    ///< configDirectory(): state.key and scenarios
  QString scenarioFolder() const { return configFolder + QStringLiteral("/scenarios"); }
  QString runFolder() const { return stateFolder + QStringLiteral("/runs"); }
  runs::LoadSubject subject() const { return {profile, environment, serviceUrl, limits}; }
  load::Caps allowed() const { return load::limited(caps, limits); }
};

/// A run as it was asked for on the page.
struct RunRequest {
  load::Scenario scenario;  ///< as the file has it
  double timeScale = 1;
  QString url;
  std::map<std::string, std::string> variables;
  QString typed;            ///< what RunGuard::phraseFor() asks for
  bool k6 = false;          ///< an installed k6 makes the load
  QString script;           ///< the operator's own k6 script, in place of the scenario's steps
};

/// A file that another program runs.
enum class ExportForm { K6Script, K6TestRun };

}  // namespace cachedeck
