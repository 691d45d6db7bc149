// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertreadings.h"
#include "ui/charts/alertmarks.h"

namespace cachedeck {

/// The bands as charts mark them; the rules say which panels each is about. One that reaches `nowMs` goes on.
QList<ChartAlert> chartAlerts(const QList<AlertBand>& bands, const QList<RuleReading>& rules, qint64 nowMs);

}  // namespace cachedeck
