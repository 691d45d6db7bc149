// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/compare_metrics.h"

#include "core/load/step_latency.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::runs {

using load::RunFigures;
using load::SecondFigures;
using load::StepFigures;

namespace {

#define TR(text) QT_TRANSLATE_NOOP("Runs", text)
// Of percentiles only those of each second are kept: their mean, weighted by requests, moves as the run's percentile does.
#define WEIGHTED(member) [](const SecondFigures& s) { return std::pair(s.member * static_cast<double>(s.requests), static_cast<double>(s.requests)); }
const MetricRow rows[] = {
    {"mean", TR("mean"), Unit::Seconds, MetricRow::Kind::Mean, 0, true, WEIGHTED(meanMs), nullptr},
    {"p50", TR("p50"), Unit::Seconds, MetricRow::Kind::Quantile, 50, true, WEIGHTED(p50Ms), nullptr},
    {"p95", TR("p95"), Unit::Seconds, MetricRow::Kind::Quantile, 95, true, WEIGHTED(p95Ms), nullptr},
    {"p99", TR("p99"), Unit::Seconds, MetricRow::Kind::Quantile, 99, true, WEIGHTED(p99Ms), nullptr},
    {"max", TR("max"), Unit::Seconds, MetricRow::Kind::Maximum, 100, true, nullptr, nullptr},
    {"rps", TR("throughput"), Unit::PerSecond, MetricRow::Kind::Throughput, 0, false,
     [](const SecondFigures& s) { return std::pair(static_cast<double>(s.requests), static_cast<double>(s.widthMs) / 1000); }, nullptr},
    {"error_rate", TR("error rate"), Unit::Percent, MetricRow::Kind::Share, 0, true,
     [](const SecondFigures& s) { return std::pair(static_cast<double>(s.failed), static_cast<double>(s.requests)); },
     [](const StepFigures& f) { return std::pair(f.failed, f.requests); }},
    {"hit_ratio", TR("hit ratio"), Unit::Percent, MetricRow::Kind::Share, 0, false,
     [](const SecondFigures& s) { return std::pair(static_cast<double>(s.hits), static_cast<double>(s.hits + s.misses)); },
     [](const StepFigures& f) { return std::pair(f.hits, f.hits + f.misses); }},
};
#undef WEIGHTED
#undef TR

constexpr double nsPerSecond = 1e9;
constexpr double smallestChange = 0.01;  // of the first run's value: other runs of the same evening differ by as much
constexpr double fewestTail = 10;        // samples beyond a quantile: with fewer, one request decides it
constexpr double fewestSamples = 30;

double shareChange(double before, double after) { return 100 * (after - before); }
/// Latencies and rates change by a factor.
double factorChange(double before, double after) { return before > 0 && after > 0 ? std::log(after / before) : std::nan(""); }

double samplesOf(const MetricRow& row, const StepFigures& figures) {
  if (row.share) return static_cast<double>(row.share(figures).second);
  return static_cast<double>(figures.trend ? figures.requests : figures.latency.count());
}

bool tooFew(const MetricRow& row, const StepFigures& figures) {
  const double n = samplesOf(row, figures), tail = std::min(row.percent, 100 - row.percent) / 100;
  return n < fewestSamples || (row.kind == MetricRow::Kind::Quantile && n * tail < fewestTail);
}

std::vector<double> resampled(const MetricRow& row, const StepFigures& figures, Random& random) {
  switch (row.kind) {
    case MetricRow::Kind::Mean: return resampledMeans(figures.latency, random);
    case MetricRow::Kind::Quantile: return resampledQuantiles(figures.latency, row.percent, random);
    case MetricRow::Kind::Share: {
      const auto [part, whole] = row.share(figures);
      return resampledShares(part, whole, random);
    }
    default: return {};
  }
}

using Scale = double (*)(double, double);

/// Changes as they could have come out: those of resampled requests, stretched to the spread of resampled seconds, about the change that was seen.
std::vector<double> possibleChanges(const MetricRow& row, const Judged& runs, const StepFigures& before, const StepFigures& after, Scale scale, double seen) {
  std::vector<double> bySeconds = row.seconds ? runs.blocks.changes(row.seconds, scale) : std::vector<double>();
  const std::vector<double> a = resampled(row, before, runs.random), b = resampled(row, after, runs.random);
  std::vector<double> byRequests;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (const double one = scale(a[i], b[i]); std::isfinite(one)) byRequests.push_back(one);
  std::vector<double>& all = row.kind == MetricRow::Kind::Throughput ? bySeconds : byRequests;
  const double own = spreadOf(all), wide = spreadOf(bySeconds) * runs.blocks.smallnessFactor();
  const double stretch = own > 0 ? std::max(1.0, wide / own) : 1, middle = quantileOf(all, 0.5);
  for (double& one : all) one = seen + stretch * (one - middle);
  return all;
}

Verdict wordFor(const MetricRow& row, bool up) {
  if (row.unit == Unit::Seconds) return up ? Verdict::Slower : Verdict::Faster;
  return up ? Verdict::Higher : Verdict::Lower;
}

bool isLarge(const Change& change, double first) { return std::abs(change.difference) >= smallestChange * std::abs(first) && change.difference != 0; }

void judgeBy(const MetricRow& row, double first, Change& change) {
  change.verdict = Verdict::WithinNoise;
  const bool up = change.low > 0, down = change.high < 0;
  if ((!up && !down) || !isLarge(change, first)) return;
  change.verdict = wordFor(row, up);
  change.better = up == row.highIsBad ? -1 : 1;
}

}  // namespace

std::span<const MetricRow> metricRows() { return rows; }
const MetricRow& stepQuantileRow() { return rows[2]; }

double valueOf(const MetricRow& row, const RunFigures& run, const StepFigures& figures) {
  const bool timed = row.unit == Unit::Seconds;
  if (timed && !load::isTimed(figures)) return Change::none;
  switch (row.kind) {
    case MetricRow::Kind::Mean: return load::meanNs(figures) / nsPerSecond;
    case MetricRow::Kind::Quantile: return load::percentileNs(figures, row.percent) / nsPerSecond;
    case MetricRow::Kind::Maximum: return load::maxNs(figures) / nsPerSecond;
    case MetricRow::Kind::Throughput: return run.scheduleMs() > 0 ? run.perSecond() : Change::none;
    case MetricRow::Kind::Share: break;
  }
  const auto [part, whole] = row.share(figures);
  return whole ? 100 * static_cast<double>(part) / static_cast<double>(whole) : Change::none;
}

Change changeBetween(const MetricRow& row, const RunFigures& first, const RunFigures& second, const StepFigures& before, const StepFigures& after) {
  const double value = valueOf(row, first, before);
  Change change;
  change.value = valueOf(row, second, after);
  change.difference = change.value - value;
  change.percent = value != 0 ? 100 * change.difference / value : Change::none;
  return change;
}

Change judgeChange(const MetricRow& row, const Judged& runs, const StepFigures& before, const StepFigures& after) {
  const double first = valueOf(row, runs.before, before);
  Change change = changeBetween(row, runs.before, runs.after, before, after);
  if (std::isnan(change.difference)) return change;
  if (row.kind == MetricRow::Kind::Maximum) {
    change.reason = QStringLiteral("one request decides it");
    return change;
  }
  // Chance is judged by drawing latencies anew, which neither k6 leaves nor a snapshot of a run whose histogram was too large for it.
  if (row.unit == Unit::Seconds && (before.trend || after.trend)) {
    change.reason = QStringLiteral("no histogram was kept");
    return change;
  }
  change.verdict = Verdict::WithinNoise;
  if (tooFew(row, before) || tooFew(row, after) || !runs.blocks.enough()) {
    change.reason = runs.blocks.enough() ? QStringLiteral("too few samples") : QStringLiteral("too short a run");
    return change;
  }
  const bool share = row.kind == MetricRow::Kind::Share;
  const Scale scale = share ? shareChange : factorChange;
  const double seen = share ? change.difference : factorChange(first, change.value);
  const std::vector<double> possible = std::isfinite(seen) ? possibleChanges(row, runs, before, after, scale, seen) : std::vector<double>();
  if (possible.empty()) {
    change.reason = QStringLiteral("nothing to compare");
    return change;
  }
  const double low = quantileOf(possible, 0.025), high = quantileOf(possible, 0.975);
  change.low = share ? low : first * (std::exp(low) - 1);
  change.high = share ? high : first * (std::exp(high) - 1);
  judgeBy(row, first, change);
  return change;
}

}  // namespace cachedeck::runs
