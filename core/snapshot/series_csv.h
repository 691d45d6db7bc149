// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/snapshot.h"

#include <QByteArray>

namespace cachedeck::snapshot {

/// More columns of one group are neither written nor read.
inline constexpr std::size_t mostColumns = 256;

/// What no file can hold, as a clause: another length of a column, times that go back, names; empty where it is good.
QString groupFault(const SeriesGroup& group);

/// A header line ("time_ms", then the ids of the metrics), then a line a time. Each value in the fewest digits that give the same float
/// again; an empty cell where nothing was measured (NaN; infinities as well). For a group without fault.
QByteArray seriesCsv(const SeriesGroup& group);

/// Reasons name the group's member, the line and the column. What it holds is taken from `cellsLeft` before memory is.
Result<SeriesGroup> seriesFromCsv(const QByteArray& csv, const QByteArray& name, qint64& cellsLeft);

}  // namespace cachedeck::snapshot
