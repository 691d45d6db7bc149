// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/scenario.h"

#include <string>
#include <vector>

namespace cachedeck::load {

/// A scenario that comes with the program, as its file has it.
struct BundledScenario {
  std::string name, json;
};

/// All, those for HTTP first, and of each the shortest run first.
const std::vector<BundledScenario>& bundledScenarios();
/// As they were compiled in, by name.
std::vector<BundledScenario> embeddedScenarios();

/// A bundled scenario by its name, else a file. The failure has every mistake with its line, or says what there is.
Expected<Scenario, std::string> loadScenario(const std::string& nameOrFile);

}  // namespace cachedeck::load
