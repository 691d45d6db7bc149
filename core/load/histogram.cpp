// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/histogram.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

void Histogram::merge(const Histogram& other) {
  for (std::size_t cell = 0; cell < cellCount; ++cell) m_counts[cell] += other.m_counts[cell];
  m_count += other.m_count;
  m_sum += other.m_sum;
  m_max = std::max(m_max, other.m_max);
  m_min = std::min(m_min, other.m_min);
}

void Histogram::clear() {
  if (m_count == 0) return;
  std::fill(m_counts.begin(), m_counts.end(), 0);
  m_count = m_max = 0;
  m_min = ~std::uint64_t{0};
  m_sum = 0;
}

double Histogram::middleOf(std::size_t cell) {
  if (cell < (std::size_t{1} << linearBits)) return static_cast<double>(cell);
  const std::size_t shift = cell / half - 1;
  const std::uint64_t low = static_cast<std::uint64_t>(cell - shift * half) << shift;
  return static_cast<double>(low) + static_cast<double>((std::uint64_t{1} << shift) - 1) / 2;
}

double Histogram::valueOfRank(std::size_t cell) const {
  return std::clamp(middleOf(cell), static_cast<double>(m_min), static_cast<double>(m_max));
}

double Histogram::percentileNs(double percent) const { return percentilesNs({percent}).front(); }

std::vector<double> Histogram::percentilesNs(const std::vector<double>& percents) const {
  std::vector<double> values(percents.size(), 0);
  if (m_count == 0) return values;
  std::size_t cell = 0;
  std::uint64_t before = 0;  // values in the cells before `cell`
  const auto rank = [&](std::uint64_t index) {
    while (before + m_counts[cell] <= index) before += m_counts[cell++];
    return index == 0 ? static_cast<double>(m_min) : index == m_count - 1 ? static_cast<double>(m_max) : valueOfRank(cell);
  };
  for (std::size_t i = 0; i < percents.size(); ++i) {
    const double at = std::clamp(percents[i], 0.0, 100.0) / 100 * static_cast<double>(m_count - 1);
    const auto low = static_cast<std::uint64_t>(at);
    const double share = at - static_cast<double>(low);
    const double first = rank(low);
    const std::size_t cellBefore = cell;
    const std::uint64_t countBefore = before;
    values[i] = share > 0 ? first + share * (rank(std::min(low + 1, m_count - 1)) - first) : first;
    cell = cellBefore;
    before = countBefore;
  }
  return values;
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> Histogram::cells() const {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> filled;
  for (std::size_t cell = 0; cell < cellCount; ++cell)
    if (m_counts[cell]) filled.emplace_back(static_cast<std::uint32_t>(cell), m_counts[cell]);
  return filled;
}

bool Histogram::restore(const std::vector<std::pair<std::uint32_t, std::uint64_t>>& cells, double sumNs, std::uint64_t minNs, std::uint64_t maxNs) {
  clear();
  for (const auto& [cell, count] : cells) {
    if (cell >= cellCount || count > (std::uint64_t{1} << 48)) {
      clear();
      return false;
    }
    m_counts[cell] += count;
    m_count += count;
  }
  if (m_count == 0) return true;
  m_sum = sumNs;
  m_min = std::min(minNs, maxNs);
  m_max = maxNs;
  return true;
}

}  // namespace cachedeck::load
