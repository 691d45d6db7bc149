// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/load/figures.h"

#include <QJsonObject>

#include <span>

namespace cachedeck::runs {

/// A column of the seconds, for JSON and CSV.
struct SecondColumn {
  const char* name;
  double (*get)(const load::SecondFigures&);
  void (*set)(load::SecondFigures&, double);
};
std::span<const SecondColumn> secondColumns();

/// All figures, histograms as filled cells: {"cells": [cell, count, cell, count …], "sum_ns", "min_ns", "max_ns"}.
QJsonObject figuresToJson(const load::RunFigures& figures);
/// Counts that make no sense become 0; what cannot be a run's figures at all is an Error (Protocol) that names the member.
Result<load::RunFigures> figuresFromJson(const QJsonObject& json);

/// "completed", "stopped", "aborted by a threshold", "failed"; empty while it runs.
QString endWord(load::RunFigures::End end);

}  // namespace cachedeck::runs
