// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/ttl_histogram.h"

namespace cachedeck {

/// "41,000 cat:* expire within 12 s at 14:00:05", the day too where it is not today's.
QString cliffText(const keys::TtlCliff& cliff, qint64 nowMs);

}  // namespace cachedeck
