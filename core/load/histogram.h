// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace cachedeck::load {

/// Latencies in log-linear cells, as HdrHistogram has them: 2,048 cells of 1 ns, then 1,024 cells for every doubling, so that a value is known to 0.05 %. Up to
/// 2^42 ns (73 min); what is longer counts as that. 270 KB, however many values it has.
class Histogram {
 public:
  Histogram() : m_counts(cellCount) {}

  void add(std::int64_t ns) {
    const auto value = ns < 0 ? 0u : static_cast<std::uint64_t>(ns);
    ++m_counts[cellOf(value)];
    ++m_count;
    m_sum += static_cast<double>(value);
    if (value > m_max) m_max = value;
    if (value < m_min) m_min = value;
  }
  void merge(const Histogram& other);
  void clear();

  std::uint64_t count() const { return m_count; }
  double meanNs() const { return m_count ? m_sum / static_cast<double>(m_count) : 0; }
  double sumNs() const { return m_sum; }
  std::uint64_t maxNs() const { return m_count ? m_max : 0; }
  std::uint64_t minNs() const { return m_count ? m_min : 0; }
  /// The value at `percent` (0 to 100) by k6's rule: linear between the ranks around percent/100·(n−1). 0 when empty.
  double percentileNs(double percent) const;
  /// The same for several, ascending, in one walk.
  std::vector<double> percentilesNs(const std::vector<double>& percents) const;

  /// (cell, count) of the cells that hold something: for records on disk.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> cells() const;
  /// False where a cell does not exist.
  bool restore(const std::vector<std::pair<std::uint32_t, std::uint64_t>>& cells, double sumNs, std::uint64_t minNs, std::uint64_t maxNs);

 private:
  static constexpr int linearBits = 11, mostBits = 42;
  static constexpr std::size_t half = std::size_t{1} << (linearBits - 1);
  static constexpr std::size_t cellCount = (std::size_t{1} << linearBits) + static_cast<std::size_t>(mostBits - linearBits) * half;

  static std::size_t cellOf(std::uint64_t value) {
    const int bits = static_cast<int>(std::bit_width(value));
    if (bits <= linearBits) return static_cast<std::size_t>(value);
    if (bits > mostBits) return cellCount - 1;
    const int shift = bits - linearBits;
    return static_cast<std::size_t>(shift) * half + static_cast<std::size_t>(value >> shift);
  }
  static double middleOf(std::size_t cell);
  double valueOfRank(std::size_t cell) const;

  std::vector<std::uint64_t> m_counts;
  std::uint64_t m_count = 0, m_max = 0, m_min = ~std::uint64_t{0};
  double m_sum = 0;
};

}  // namespace cachedeck::load
