// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace cachedeck::doctor {

/// The metrics that a PromQL expression names, each once; functions, operators and labels are none.
QStringList metricNames(const QString& promql);

/// Whether it says what else will do ("a or b"), or asks for what is not there ("absent(a)"): then a series that is missing is meant to be.
bool allowsForMissing(const QString& promql);

}  // namespace cachedeck::doctor
