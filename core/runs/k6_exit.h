// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"

#include <QByteArray>

namespace cachedeck::runs {

inline constexpr int k6ThresholdsCrossed = 99;

/// What a k6 that is gone says of the run: its end, and where it failed why. `status` is waitpid's; `askedToStop` tells a stop from an accident; `log` is the end of what it wrote.
void takeK6Exit(int status, bool askedToStop, const QByteArray& log, load::RunFigures& figures);
/// The reasons in what k6 wrote: its last lines of level error, else its last lines.
QString k6Reason(const QByteArray& log);

}  // namespace cachedeck::runs
