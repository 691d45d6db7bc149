// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"
#include "core/doctor/finding.h"

#include <span>

namespace cachedeck::doctor {

/// One thing that the doctor looks for.
struct Check {
  const char* id;
  const char* title;
  const char* looksAt;
  Findings (*find)(const Evidence& evidence);
};

/// All of them, connections first: what they find explains the rest.
std::span<const Check> checkTable();

/// What all checks find, the severest first; texts are redacted and printable.
Findings findingsOf(const Evidence& evidence);

}  // namespace cachedeck::doctor
