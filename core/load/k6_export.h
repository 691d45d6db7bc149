// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/scenario.h"

#include <string>

namespace cachedeck::load {

/// A file that another program reads.
struct ExportedText {
  std::string text;
};

/// A whole k6 script that does what the scenario does over HTTP. Variables come from the environment (k6 run -e CACHEDECK_LOAD_USER=…), secrets only from there; the URL may
/// (CACHEDECK_LOAD_URL). It is ASCII: every text of the scenario stands in it as an escaped string. What k6 cannot do (flushing, events, thresholds on a baseline) is
/// named in comments at its top. Failure: the scenario is not for HTTP, or one of its texts is wrong.
Expected<ExportedText, std::string> k6Script(const Scenario& scenario, const std::string& baseUrl);
/// "CACHEDECK_LOAD_PASSWORD": where a script looks for a variable, and a run of our own for one that is secret.
std::string k6Environment(const std::string& variable);

}  // namespace cachedeck::load
