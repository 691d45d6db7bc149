// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace cachedeck {

/// Rows further apart than this have a gap between them.
inline constexpr qint64 longestStepMs = 300'000;

/// For how long each sample stands, in milliseconds, one a row; 0 where nothing was measured. A mean over samples of one and of fifteen seconds goes by it.
std::vector<double> sampleWeights(const std::vector<qint64>& timesMs, const std::vector<float>& values);
/// The same within a range: 0 outside, and of a sample that stands for time before it the part within.
std::vector<double> sampleWeights(const std::vector<qint64>& timesMs, const std::vector<float>& values, qint64 fromMs, qint64 toMs);

}  // namespace cachedeck
