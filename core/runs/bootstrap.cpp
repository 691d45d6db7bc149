// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cachedeck::runs {

using load::Histogram;

namespace {

struct Group {
  double value = 0, count = 0;
};

// More cells make the mean no better known, only slower to resample.
constexpr std::size_t mostGroups = 256;

/// The filled cells with their values, neighbours put together where there are many.
std::vector<Group> groupsOf(const Histogram& latency) {
  const auto cells = latency.cells();
  const double last = static_cast<double>(latency.count() - 1);
  std::vector<double> middles;
  double before = 0;
  for (const auto& [cell, count] : cells) {  // the value of the cell's middle one, by its rank
    const double middle = before + (static_cast<double>(count) - 1) / 2;
    middles.push_back(last > 0 ? 100 * middle / last : 50);
    before += static_cast<double>(count);
  }
  const std::vector<double> values = latency.percentilesNs(middles);
  std::vector<Group> groups(std::min(cells.size(), mostGroups));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Group& group = groups[i * groups.size() / cells.size()];
    const double count = static_cast<double>(cells[i].second);
    group.value = (group.value * group.count + values[i] * count) / (group.count + count);
    group.count += count;
  }
  return groups;
}

double poisson(double mean, std::normal_distribution<double>& normal, Random& random) {
  if (mean >= 12) return std::max(0.0, std::round(mean + std::sqrt(mean) * normal(random)));
  return static_cast<double>(std::poisson_distribution<std::int64_t>(mean)(random));
}

/// Which ranks a p-quantile falls on in resamples of n values.
double binomialRank(double n, double p, Random& random) {
  if (p <= 0 || p >= 1) return n * p;
  if (n > 5000) return std::clamp(std::normal_distribution<double>(n * p, std::sqrt(n * p * (1 - p)))(random), 0.0, n);
  return static_cast<double>(std::binomial_distribution<std::int64_t>(static_cast<std::int64_t>(n), p)(random));
}

double betaOf(double a, double b, Random& random) {
  const double x = std::gamma_distribution<double>(a)(random), y = std::gamma_distribution<double>(b)(random);
  return x + y > 0 ? x / (x + y) : 0;
}

}  // namespace

std::vector<double> resampledMeans(const Histogram& latency, Random& random) {
  if (latency.count() == 0) return {};
  const std::vector<Group> groups = groupsOf(latency);
  std::vector<double> means(resamples);
  std::normal_distribution<double> normal;
  for (double& mean : means) {
    double sum = 0, count = 0;
    for (const Group& group : groups) {
      const double times = poisson(group.count, normal, random);  // a multinomial draw of about n: its mean is the same
      sum += times * group.value;
      count += times;
    }
    mean = count > 0 ? sum / count : latency.meanNs();
  }
  return means;
}

std::vector<double> resampledQuantiles(const Histogram& latency, double percent, Random& random) {
  const double n = static_cast<double>(latency.count());
  if (n < 2) return {};
  std::vector<double> percents(resamples);
  for (double& one : percents) one = std::min(100.0, 100 * binomialRank(n, percent / 100, random) / n);
  std::vector<std::size_t> order(resamples);  // the histogram is walked once, upwards
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return percents[i]; });
  std::vector<double> ascending;
  for (const std::size_t i : order) ascending.push_back(percents[i]);
  const std::vector<double> values = latency.percentilesNs(ascending);
  std::vector<double> quantiles(resamples);
  for (std::size_t i = 0; i < resamples; ++i) quantiles[order[i]] = values[i];
  return quantiles;
}

std::vector<double> resampledShares(std::uint64_t part, std::uint64_t whole, Random& random) {
  std::vector<double> shares(resamples);
  const double in = static_cast<double>(std::min(part, whole)), out = static_cast<double>(whole) - in;
  for (double& share : shares) share = betaOf(in + 0.5, out + 0.5, random);
  return shares;
}

double spreadOf(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1));
}

double quantileOf(std::vector<double> values, double share) {
  if (values.empty()) return std::nan("");
  std::ranges::sort(values);
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

}  // namespace cachedeck::runs
