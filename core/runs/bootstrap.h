// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <utility>
#include <vector>

namespace cachedeck::runs {

// How far a figure of a run could have come out otherwise. Two answers are put together:
//  1. Resampling the recorded latencies (Efron's bootstrap): what chance alone does, if requests were independent. Its shape is right for quantiles of skewed latencies.
//  2. Resampling blocks of neighbouring seconds (Künsch's moving blocks): requests of a second share its garbage collection, checkpoint or stall, so that a hundred thousand of them
//     say much less than 1. believes. Where 2. spreads wider than 1., the deviations of 1. are stretched to it (the "design effect" of sampling theory).

constexpr std::size_t resamples = 1000;
using Random = std::mt19937_64;

/// Means of resampled latencies, ns.
std::vector<double> resampledMeans(const load::Histogram& latency, Random& random);
/// Quantiles of resampled latencies, ns. The p-quantile of a resample is the latency at rank Binomial(n, p) of the run.
std::vector<double> resampledQuantiles(const load::Histogram& latency, double percent, Random& random);
/// Shares `part` of `whole` as they could be as well: Beta(part + ½, whole − part + ½), which also knows that 0 of 100 is no proof of 0.
std::vector<double> resampledShares(std::uint64_t part, std::uint64_t whole, Random& random);

/// Of a second: what counts (over) of what (under): a ratio of their sums is the run's figure.
using SecondRatio = std::pair<double, double> (*)(const load::SecondFigures&);

/// The seconds of two runs, drawn in blocks. Runs of the same schedule are drawn at the same moments, so that a ramp, which moves both alike, is no noise.
class BlockDraws {
 public:
  BlockDraws(const std::vector<load::SecondFigures>& before, const std::vector<load::SecondFigures>& after, bool sameSchedule, Random& random);
  /// False where a run is too short for it (fewer than four seconds).
  bool enough() const { return m_before.size() >= fewestSeconds && m_after.size() >= fewestSeconds; }
  bool paired() const { return m_paired; }
  /// `change(before, after)` of the figures of each draw; empty where a figure has nothing under it.
  std::vector<double> changes(SecondRatio ratio, const std::function<double(double, double)>& change) const;
  /// By how much few blocks understate the spread: Student's t against the normal distribution, and blocks that are a good part of the run.
  double smallnessFactor() const;

 private:
  static constexpr std::size_t fewestSeconds = 4;
  using Starts = std::vector<std::uint32_t>;
  std::vector<Starts> draw(std::size_t rows, Random& random) const;

  std::vector<load::SecondFigures> m_before, m_after;
  bool m_paired = false;
  std::size_t m_block = 1;
  std::vector<Starts> m_beforeStarts, m_afterStarts;
};

double spreadOf(const std::vector<double>& values);
/// Quantile 0 to 1 of the values, linear between neighbours.
double quantileOf(std::vector<double> values, double share);

}  // namespace cachedeck::runs
