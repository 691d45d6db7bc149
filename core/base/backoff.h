// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace cachedeck {

/// Waiting times between attempts to reconnect: 1, 2, 4 … 30 s, each ±20 % so that many consoles do not knock together.
class Backoff {
 public:
  /// `unit` is a random number in [0, 1).
  std::chrono::milliseconds next(double unit);
  void reset() { m_attempt = 0; }
  int attempts() const { return m_attempt; }

 private:
  int m_attempt = 0;
};

}  // namespace cachedeck
