// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/compare_figures.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

constexpr int wantedParts = 12, fewestParts = 6;
constexpr double leastShare = 0.01;  // of the first mean: less is no news

/// How a metric's mean is known: samples of one second resemble those of the next, means of long parts hardly do.
struct Spread {
  int parts = 0;
  double variance = 0;  ///< of the mean
};

Spread spreadOf(const Snapshot& snapshot, const MetricInfo& metric) {
  const SeriesGroup* group = nullptr;
  const SeriesGroup::Column* column = findColumn(snapshot, QByteArrayView(metric.id.data(), metric.id.size()), &group);
  if (!column || snapshot.toMs <= snapshot.fromMs) return {};
  const std::vector<double> weights = sampleWeights(group->timesMs, column->values);
  double sums[wantedParts] = {}, lengths[wantedParts] = {};
  for (size_t i = 0; i < weights.size(); ++i) {
    const double at = static_cast<double>(group->timesMs[i] - snapshot.fromMs) / static_cast<double>(snapshot.toMs - snapshot.fromMs);
    if (weights[i] <= 0 || at < 0 || at > 1) continue;
    const int part = std::min(wantedParts - 1, static_cast<int>(at * wantedParts));
    sums[part] += weights[i] * column->values[i];
    lengths[part] += weights[i];
  }
  std::vector<double> means;
  for (int part = 0; part < wantedParts; ++part)
    if (lengths[part] > 0) means.push_back(sums[part] / lengths[part]);
  Spread spread{static_cast<int>(means.size()), 0};
  if (spread.parts < 2) return spread;
  double mean = 0, squares = 0;
  for (const double one : means) mean += one / spread.parts;
  for (const double one : means) squares += (one - mean) * (one - mean);
  spread.variance = squares / (spread.parts - 1) / spread.parts;
  return spread;
}

/// Student's t for 95 %, to a hundredth from 5 degrees of freedom on.
double studentT(double freedom) { return 1.96 + 2.4 / freedom + 3 / (freedom * freedom); }

double freedomOf(const Spread& a, const Spread& b) {
  const double sum = a.variance + b.variance;
  if (sum <= 0) return 1e9;
  return sum * sum / (a.variance * a.variance / (a.parts - 1) + b.variance * b.variance / (b.parts - 1));  // Welch and Satterthwaite
}

Outcome outcomeOf(const ComparedFigure& figure) {
  const bool within = figure.low <= 0 && figure.high >= 0;
  const bool small = std::abs(figure.difference) < leastShare * std::abs(figure.before.mean);
  if (within || small || figure.difference == 0) return Outcome::WithinNoise;
  const bool higher = figure.difference > 0;
  if (figure.before.metric->judge == Judge::None) return higher ? Outcome::Higher : Outcome::Lower;
  return higher == (figure.before.metric->judge == Judge::LowIsBad) ? Outcome::Better : Outcome::Worse;
}

}  // namespace

ComparedFigure compareFigure(const Snapshot& before, const Snapshot& after, const MetricInfo& metric) {
  ComparedFigure figure;
  figure.before = figureOf(before, metric);
  figure.after = figureOf(after, metric);
  if (!figure.before.measured() || !figure.after.measured()) {
    figure.reason = figure.before.measured() ? QStringLiteral("not measured in the second") : QStringLiteral("not measured in the first");
    return figure;
  }
  figure.difference = figure.after.mean - figure.before.mean;
  if (figure.before.mean != 0) figure.percent = 100 * figure.difference / std::abs(figure.before.mean);
  const Spread first = spreadOf(before, metric), second = spreadOf(after, metric);
  if (std::min(first.parts, second.parts) < fewestParts) {
    figure.reason = QStringLiteral("too few samples");
    return figure;
  }
  const double reach = studentT(freedomOf(first, second)) * std::sqrt(first.variance + second.variance);
  figure.low = figure.difference - reach;
  figure.high = figure.difference + reach;
  figure.outcome = outcomeOf(figure);
  return figure;
}

}  // namespace cachedeck::snapshot
