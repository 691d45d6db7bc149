// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"
#include "ui/widgets/rowlist.h"

namespace cachedeck {

/// Thresholds with their values, checks, and failures by kind with what servers said, as rows.
QList<RowList::Row> judgementRows(const load::RunFigures& figures);
/// "all hold", "2 crossed", "not measured"; "none crossed so far" of a run that was stopped.
QString thresholdsText(const load::RunFigures& figures);
/// What of it stands in the way of believing it, in words for a banner; empty: nothing does.
QString doubtsOf(const load::RunFigures& figures);

}  // namespace cachedeck
