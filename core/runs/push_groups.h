// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonDocument>
#include <QStringList>

namespace cachedeck::runs {

inline constexpr char pushJob[] = "cachedeck_load";

/// Ids of the scenario's runs that a gateway holds in groups of exactly {job, scenario, run}, newest first, out of its answer to /api/v1/metrics. Groups of others are left out.
QStringList pushedRuns(const QJsonDocument& answer, const QString& scenario);

}  // namespace cachedeck::runs
