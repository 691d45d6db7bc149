// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/chart_data.h"

#include <QJsonObject>

namespace cachedeck::snapshot {

/// What the page's script shows under the pointer: {"from", "to" (ms), "relative", "w", "left", "right", "top", "bottom", "lines": [{"name", "colour", "at": [0–10000], "text": ["94.2 %"]}]}.
QJsonObject hoverJson(const ChartData& data);

}  // namespace cachedeck::snapshot
