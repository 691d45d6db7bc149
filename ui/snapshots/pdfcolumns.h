// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/report_tables.h"

#include <QFontMetricsF>

namespace cachedeck {

/// How `width` is divided among the columns of a table, in the metrics' units: narrow ones have what they need, the others share what is left by how much text they hold, and none
/// breaks its words where there is another way.
QList<double> columnWidths(const snapshot::ReportTable& table, const QFontMetricsF& metrics, double width, double padding);

}  // namespace cachedeck
