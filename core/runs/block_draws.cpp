// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/bootstrap.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::runs {

using load::SecondFigures;

namespace {

using Rows = std::vector<SecondFigures>;

bool sameMoment(const SecondFigures& a, const SecondFigures& b) {
  return a.widthMs > 0 && 2 * std::abs(a.fromMs - b.fromMs) < a.widthMs && 4 * std::abs(a.widthMs - b.widthMs) < a.widthMs;
}

/// How many rows of both are of the same moments, from the beginning.
std::size_t commonRows(const Rows& before, const Rows& after) {
  std::size_t common = 0;
  while (common < std::min(before.size(), after.size()) && sameMoment(before[common], after[common])) ++common;
  return common;
}

/// Sums from the beginning, so that a block's sum is one difference.
struct Sums {
  std::vector<double> over{0}, under{0};
};

Sums sumsOf(const Rows& rows, SecondRatio ratio) {
  Sums sums;
  for (const SecondFigures& row : rows) {
    const auto [over, under] = ratio(row);
    sums.over.push_back(sums.over.back() + over);
    sums.under.push_back(sums.under.back() + under);
  }
  return sums;
}

double figureOf(const Sums& sums, const std::vector<std::uint32_t>& starts, std::size_t block) {
  double over = 0, under = 0;
  for (const std::uint32_t start : starts) {
    over += sums.over[start + block] - sums.over[start];
    under += sums.under[start + block] - sums.under[start];
  }
  return under > 0 ? over / under : std::nan("");
}

/// Some √n: longer than the n^⅓ that is best for a mean of little correlation, since too short a block takes a stall of ten seconds for ten events.
std::size_t blockLength(std::size_t rows) {
  const auto length = static_cast<std::size_t>(std::lround(1.5 * std::sqrt(static_cast<double>(rows))));
  return std::clamp<std::size_t>(length, 1, std::max<std::size_t>(1, rows / 3));
}

}  // namespace

BlockDraws::BlockDraws(const Rows& before, const Rows& after, bool sameSchedule, Random& random) : m_before(before), m_after(after) {
  const std::size_t common = commonRows(before, after), longer = std::max(before.size(), after.size());
  m_paired = sameSchedule && common >= fewestSeconds && 5 * common >= 4 * longer;
  if (m_paired) {
    m_before.resize(common);
    m_after.resize(common);
  }
  if (!enough()) return;
  m_block = blockLength(std::min(m_before.size(), m_after.size()));
  m_beforeStarts = draw(m_before.size(), random);
  m_afterStarts = m_paired ? m_beforeStarts : draw(m_after.size(), random);
}

std::vector<BlockDraws::Starts> BlockDraws::draw(std::size_t rows, Random& random) const {
  std::uniform_int_distribution<std::uint32_t> start(0, static_cast<std::uint32_t>(rows - m_block));
  std::vector<Starts> draws(resamples, Starts((rows + m_block - 1) / m_block));
  for (Starts& one : draws)
    for (std::uint32_t& block : one) block = start(random);
  return draws;
}

std::vector<double> BlockDraws::changes(SecondRatio ratio, const std::function<double(double, double)>& change) const {
  if (!enough()) return {};
  const Sums before = sumsOf(m_before, ratio), after = sumsOf(m_after, ratio);
  std::vector<double> all;
  for (std::size_t i = 0; i < resamples; ++i) {
    const double one = change(figureOf(before, m_beforeStarts[i], m_block), figureOf(after, m_afterStarts[i], m_block));
    if (std::isfinite(one)) all.push_back(one);
  }
  return all;
}

double BlockDraws::smallnessFactor() const {
  const std::size_t blocks = std::min(m_before.size(), m_after.size()) / m_block;
  const double freedom = std::max(2.0, static_cast<double>(blocks) - 1);
  constexpr double z = 1.959964;
  // Abramowitz and Stegun 26.7.5.
  const double t = z + (z * z * z + z) / (4 * freedom) + (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * freedom * freedom);
  // Draws of a series spread about its own mean, not about the truth: by 1 − block/rows too little.
  const double rows = static_cast<double>(std::min(m_before.size(), m_after.size()));
  return t / z / std::sqrt(1 - static_cast<double>(m_block) / rows);
}

}  // namespace cachedeck::runs
