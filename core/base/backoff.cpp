// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/backoff.h"

#include <algorithm>

namespace cachedeck {

std::chrono::milliseconds Backoff::next(double unit) {
  constexpr double firstMs = 1000;
  constexpr double longestMs = 30000;
  const double base = std::min(longestMs, firstMs * static_cast<double>(1 << std::min(m_attempt, 10)));
  ++m_attempt;
  return std::chrono::milliseconds(static_cast<long>(base * (0.8 + 0.4 * unit)));
}

}  // namespace cachedeck
