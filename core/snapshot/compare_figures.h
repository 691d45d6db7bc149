// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/compare.h"

namespace cachedeck::snapshot {

ComparedFigure compareFigure(const Snapshot& before, const Snapshot& after, const MetricInfo& metric);

}  // namespace cachedeck::snapshot
