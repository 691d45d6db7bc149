// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/random.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

namespace {

// (e^x − 1)/x and ln(1 + x)/x, without loss near 0, where they decide over a skew close to 1.
double expm1Over(double x) { return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x / 2 * (1 + x / 3); }
double log1pOver(double x) { return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x * (0.5 - x / 3); }

}  // namespace

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : m_state) {
    std::uint64_t mixed = seed += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    word = mixed ^ (mixed >> 31);
  }
}

std::uint64_t Random::below(std::uint64_t count) {
  if (count <= 1) return 0;
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next()) * count;
  if (static_cast<std::uint64_t>(product) < count) {
    const std::uint64_t least = (0 - count) % count;
    while (static_cast<std::uint64_t>(product) < least) product = static_cast<Wide>(next()) * count;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

ZipfDraw::ZipfDraw(std::int64_t count, double skew) : m_count(static_cast<double>(std::max<std::int64_t>(1, count))), m_skew(skew) {
  m_first = area(1.5) - 1;
  m_last = area(m_count + 0.5);
  m_sure = 2 - inverseArea(area(2.5) - weight(2));
}

// The area under x^−skew, its inverse, and the curve itself.
double ZipfDraw::area(double x) const {
  const double logX = std::log(x);
  return expm1Over((1 - m_skew) * logX) * logX;
}

double ZipfDraw::inverseArea(double x) const {
  const double t = std::max(-1.0, x * (1 - m_skew));
  return std::exp(log1pOver(t) * x);
}

double ZipfDraw::weight(double x) const { return std::exp(-m_skew * std::log(x)); }

std::int64_t ZipfDraw::operator()(Random& random) const {
  for (;;) {
    const double u = m_last + random.unit() * (m_first - m_last);
    const double x = inverseArea(u);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, m_count);
    if (rank - x <= m_sure || u >= area(rank + 0.5) - weight(rank)) return static_cast<std::int64_t>(rank);
  }
}

}  // namespace cachedeck::load
