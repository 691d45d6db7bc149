// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <limits>

namespace cachedeck {

/// What a run is held back by: figures of what the cache protects, means over some time. NaN: not known.
struct LoadFigures {
  double active = std::numeric_limits<double>::quiet_NaN();    ///< sessions of PostgreSQL that run a statement or wait for a lock
  double hitRatio = std::numeric_limits<double>::quiet_NaN();  ///< of Redis, percent
};
/// Over the last so many milliseconds.
using LoadSource = std::function<LoadFigures(qint64 overMs)>;
/// Why a run should wait: sessions have doubled, or the hit ratio fell by ten points; empty when it may go on.
QString reasonToHold(const LoadFigures& before, const LoadFigures& now);

}  // namespace cachedeck
