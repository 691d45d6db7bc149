// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/scenario.h"

#include <string>
#include <string_view>

namespace cachedeck::load {

/// Reads a scenario file (docs/SCENARIOS.md), strictly: what is not understood is an error. The failure has a line for each of the first ten mistakes:
/// "line 12: stages[1].duration: "-5s" is not a length of time; write e.g. "30s" …".
Expected<Scenario, std::string> parseScenario(std::string_view text);
/// The same back, in the order of the documentation, without what is as by default. Values of secret variables are never in it.
std::string scenarioToJson(const Scenario& scenario);

}  // namespace cachedeck::load
