// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace cachedeck::snapshot {

/// A stretch of time of a session; wall clock, milliseconds since the epoch.
struct Stretch {
  qint64 fromMs = 0, toMs = 0;
  bool operator==(const Stretch&) const = default;
};

/// As people write it: "12:40..12:55", "2026-11-29 23:50 – 00:10", "12:40:30Z-12:41Z". Local time, or UTC with a Z. A beginning without a day is the last such time that is not after `lastMs`;
/// an end without one is the first after the beginning. Usage: it is none, or ends before it begins.
Result<Stretch> parseStretch(const QString& text, qint64 lastMs);

/// The same in a form that parseStretch() reads: local time, with the day where it is not that of `lastMs`.
QString stretchInput(const Stretch& stretch, qint64 lastMs);

}  // namespace cachedeck::snapshot
