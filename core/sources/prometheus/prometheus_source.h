// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

namespace cachedeck {

/// The registry rows of the three HTTP sources of a Prometheus stack.
SourceInfo prometheusSourceInfo();
SourceInfo alertmanagerSourceInfo();
SourceInfo pushgatewaySourceInfo();

}  // namespace cachedeck
