// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/bootstrap.h"
#include "core/runs/compare.h"

namespace cachedeck::runs {

/// A compared figure of all requests: a row of the table.
struct MetricRow {
  enum class Kind { Mean, Quantile, Maximum, Throughput, Share };
  const char* id;
  const char* name;
  Unit unit;
  Kind kind;
  double percent;        ///< of a quantile
  bool highIsBad;
  SecondRatio seconds;   ///< the same figure of a second, over and under
  std::pair<std::uint64_t, std::uint64_t> (*share)(const load::StepFigures&);  ///< of a share: part and whole
};
std::span<const MetricRow> metricRows();
const MetricRow& stepQuantileRow();

/// The figure in the metric's unit; NaN where nothing was measured.
double valueOf(const MetricRow& row, const load::RunFigures& run, const load::StepFigures& figures);

/// From the first to the second, without a verdict.
Change changeBetween(const MetricRow& row, const load::RunFigures& first, const load::RunFigures& second, const load::StepFigures& before, const load::StepFigures& after);

/// Two runs between which changes are judged.
struct Judged {
  const load::RunFigures& before;
  const load::RunFigures& after;
  const BlockDraws& blocks;
  Random& random;
};
Change judgeChange(const MetricRow& row, const Judged& runs, const load::StepFigures& before, const load::StepFigures& after);

}  // namespace cachedeck::runs
