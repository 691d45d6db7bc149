// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/prometheus/prometheus_types.h"

namespace cachedeck {

/// "job (instance)", for a note.
QString targetName(const PromTarget& target);

/// Why the last scrape failed, as Prometheus says it, for a note.
QString scrapeError(const PromTarget& target);

}  // namespace cachedeck
