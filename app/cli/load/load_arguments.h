// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/load/load_output.h"
#include "app/cli/sandbox_option.h"
#include "app/cli/source_options.h"
#include "core/base/result.h"
#include "core/load/scenario.h"

#include <QString>

#include <map>
#include <string>
#include <vector>

namespace cachedeck {

/// What `load run` takes.
struct LoadArguments {
  SourceOptions sources;
  std::string scenario, url, duration, rate, caFile, out, snapshot, note, confirm, unlock, cacheName;
  std::vector<std::string> variables, thresholds, tags;
  int vus = 0;
  double timeScale = 1;
  int maxUsers = 5000;
  double maxRate = 200'000;
  SandboxOption sandbox;
  bool json = false, push = false, noSave = false, insecure = false, k6 = false;

  void addTo(CLI::App& command);
  /// The scenario is a k6 script of the operator's own.
  bool isScript() const;
  /// An installed k6 makes the load.
  bool usesK6() const { return k6 || isScript(); }
  /// The scenario that was named, or made of --url, --vus, --duration and --rate; with the further thresholds, scaled.
  Result<load::Scenario> made() const;
  /// What can be said before anything is asked of a server: files, limits, and in which form the result is written.
  Result<void> checked() const;
  /// Of the file of --out.
  Result<LoadForm> outForm() const;
  /// --var NAME=VALUE, and the secret ones from the environment variables CACHEDECK_LOAD_NAME. Of a k6 script NAME is the environment variable that it reads.
  Result<std::map<std::string, std::string>> values(const load::Scenario& scenario) const;
};

/// "metric: expression", as --threshold takes it.
Result<load::ThresholdRule> thresholdOf(const std::string& text);

}  // namespace cachedeck
