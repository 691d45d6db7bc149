// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/compare.h"

namespace cachedeck::snapshot {

/// Tables of settings that are not the same: redis-config, what Redis's INFO says of its settings, postgres-settings, prometheus-rules. A table that only one of the two has is
/// no change; `notes` says so. Nothing where no table is in both.
std::optional<QList<TableChanges>> changedSettings(const Snapshot& before, const Snapshot& after, QStringList& notes);
/// Statements whose mean time changed by a fifth and 0.1 ms or more, or that only one has.
std::optional<TableChanges> changedStatements(const Snapshot& before, const Snapshot& after);

}  // namespace cachedeck::snapshot
