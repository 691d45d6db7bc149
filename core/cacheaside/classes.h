// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::cacheaside {

/// Entries that are kept for the same time.
struct ClassPolicy {
  std::string name;               ///< "risk": label of its figures
  std::chrono::milliseconds ttl;  ///< > 0
  double jitter = 0;              ///< 0 … 0.5: each entry lives ttl × (1 ± jitter), so that what came together does not expire together
};

/// The classes of the reference system: risk 5 min, dashboard 10 min, connector 15 min, marketplace 20 min; jitter 0.1.
std::vector<ClassPolicy> referenceClasses();

/// "risk=30" (seconds; or 500ms, 30s, 5min, 2h) into the matching class. Usage names the classes there are.
Outcome<void> overrideTtl(std::vector<ClassPolicy>& classes, std::string_view assignment);

/// What has to go when something changed. {id} in a pattern stands for the thing that changed.
struct Cascade {
  std::string_view name;
  std::span<const std::string_view> patterns;
};

/// The cascades of the reference system: "all-risks", "risk", "dashboard", "marketplace", "connector".
std::span<const Cascade> referenceCascades();

/// The patterns of a cascade with the id filled in, encoded as filledKey() does it: so it is the key's own text, and never a wildcard. Usage
/// for an unknown name, or when the id is missing.
Outcome<std::vector<std::string>> cascadePatterns(std::string_view name, std::string_view id = {});

}  // namespace cachedeck::cacheaside
