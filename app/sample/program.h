// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/options.h"

#include <stop_token>

namespace cachedeck::sample {

class StopSignals;

/// Runs the service until a signal: 0 after a clean end, 1 when it cannot listen, 3 when the database cannot be reached or prepared.
int runService(const Options& options, StopSignals& signals);

}  // namespace cachedeck::sample
