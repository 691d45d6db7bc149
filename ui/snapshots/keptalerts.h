// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"
#include "ui/charts/alertmarks.h"

namespace cachedeck {

/// When alerts were firing, as a snapshot has it, for its charts. One that was firing at the end of the range goes on.
QList<ChartAlert> keptAlerts(const snapshot::Snapshot& snapshot);
/// Rules, alerts and silences of a snapshot.
QList<snapshot::FactTable> keptAlertTables(const snapshot::Snapshot& snapshot);

}  // namespace cachedeck
