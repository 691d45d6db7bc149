// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/load/figures.h"

#include <QJsonObject>
#include <QJsonValue>

#include <vector>

namespace cachedeck::runs {

/// A histogram takes 270 KB in memory however little it holds: a small file must not make a thousand of them.
constexpr int mostSteps = 500;

QJsonObject stepToJson(const load::StepFigures& step);
/// The failure names the member, without a full stop: it ends a sentence.
Result<load::StepFigures> stepFromJson(const QJsonValue& value);

/// {"columns": [name …], "rows": [[value …] …]}
QJsonObject secondsToJson(const std::vector<load::SecondFigures>& seconds);
/// Columns are found by name: unknown ones are passed over, missing ones are 0.
Result<std::vector<load::SecondFigures>> secondsFromJson(const QJsonObject& json);

}  // namespace cachedeck::runs
