// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>

namespace cachedeck::cacheaside {

/// Durations counted into fixed buckets; many threads may add.
class Latency {
 public:
  static constexpr std::array bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0};  ///< seconds
  struct Counts {
    std::array<std::uint64_t, bounds.size() + 1> buckets{};  ///< not cumulative; the last is beyond all bounds
    std::uint64_t count = 0;
    double seconds = 0;  ///< the sum
  };

  void add(std::chrono::nanoseconds span);
  Counts counts() const;

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> m_buckets{};
  std::atomic<std::int64_t> m_nanoseconds{0};
};

}  // namespace cachedeck::cacheaside
