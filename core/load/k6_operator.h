// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/k6_export.h"

#include <string>

namespace cachedeck::load {

/// Where and on how many pods k6-operator runs a scenario.
struct K6Fleet {
  int parallelism = 4;      ///< pods; at most as many as there are users
  std::string nameSpace;    ///< empty: kubectl's own
  std::string image;        ///< of k6; empty: the operator's
};

/// A manifest for `kubectl apply -f`: a ConfigMap with the k6 script and a TestRun (k6.io/v1alpha1) that runs it. Secrets come from a Secret "NAME-secrets", which
/// a comment says how to make; none is in the text. Failure: as k6Script, or the script is larger than a ConfigMap holds.
Expected<ExportedText, std::string> k6TestRun(const Scenario& scenario, const std::string& baseUrl, const K6Fleet& fleet = {});

}  // namespace cachedeck::load
