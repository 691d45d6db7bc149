// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/sample_weights.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

std::vector<double> sampleWeights(const std::vector<qint64>& timesMs, const std::vector<float>& values) {
  const size_t rows = std::min(timesMs.size(), values.size());  // a column shorter than its times is a damaged file's: what is there counts
  std::vector<double> weights(rows, 0);
  const auto step = [&](size_t from, size_t to) { return to < rows && std::isfinite(values[from]) && std::isfinite(values[to]) && timesMs[to] - timesMs[from] <= longestStepMs ? static_cast<double>(timesMs[to] - timesMs[from]) : 0; };
  for (size_t i = 0; i < rows; ++i) {
    if (!std::isfinite(values[i])) continue;
    const double before = i > 0 ? step(i - 1, i) : 0;
    weights[i] = before > 0 ? before : std::max(step(i, i + 1), 0.0);
    if (weights[i] <= 0) weights[i] = 1000;  // alone between gaps
  }
  return weights;
}

std::vector<double> sampleWeights(const std::vector<qint64>& timesMs, const std::vector<float>& values, qint64 fromMs, qint64 toMs) {
  std::vector<double> weights = sampleWeights(timesMs, values);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (timesMs[i] < fromMs || timesMs[i] > toMs) weights[i] = 0;
    else if (timesMs[i] > fromMs) weights[i] = std::min(weights[i], static_cast<double>(timesMs[i] - fromMs));
  }
  return weights;
}

}  // namespace cachedeck
