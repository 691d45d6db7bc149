// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/load/load_place.h"

namespace cachedeck {

/// Carries a run out in the foreground: progress, record, push, summary. 0 fine, 99 a threshold was crossed, 1 failed, stopped or not written, 3 the target was not reached.
int runLoad(const LoadArguments& arguments, load::Scenario scenario, LoadPlace target);

}  // namespace cachedeck
