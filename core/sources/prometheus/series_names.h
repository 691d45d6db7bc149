// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/prometheus/prometheus_types.h"

namespace cachedeck {

/// `name{label="value", …}` as PromQL writes it, printable; "{}" without any label.
QString seriesText(const PromLabels& labels, qsizetype longest = 400);

/// A short name for each series of one result: what tells it from the others. One that stands alone has its metric's name, or `alone`.
QStringList seriesNames(const std::vector<PromSeries>& series, const QString& alone);

}  // namespace cachedeck
