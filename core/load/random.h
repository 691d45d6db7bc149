// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace cachedeck::load {

/// Random numbers for load: xoshiro256++, seeded by splitmix64. Fast, of good quality, and repeatable from its seed; nothing for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed);
  std::uint64_t next() {
    const std::uint64_t result = rotated(m_state[0] + m_state[3], 23) + m_state[0];
    const std::uint64_t shifted = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= shifted;
    m_state[3] = rotated(m_state[3], 45);
    return result;
  }
  /// Uniformly from 0 to `count` − 1, without bias (Lemire's multiplication). `count` 0 counts as 1.
  std::uint64_t below(std::uint64_t count);
  /// Uniformly from 0 to 1, 1 excluded.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  static std::uint64_t rotated(std::uint64_t value, int by) { return (value << by) | (value >> (64 - by)); }
  std::uint64_t m_state[4];
};

/// Ranks 1 to `count` by Zipf: rank k comes in proportion to 1/k^skew. Drawn by rejection-inversion (Hörmann and Derflinger 1996): exact, no tables, about
/// as fast for a billion ranks as for ten.
class ZipfDraw {
 public:
  /// `count` from 1, `skew` above 0.
  ZipfDraw(std::int64_t count, double skew);
  std::int64_t operator()(Random& random) const;

 private:
  double area(double x) const;
  double inverseArea(double x) const;
  double weight(double x) const;

  double m_count, m_skew, m_first, m_last, m_sure;
};

}  // namespace cachedeck::load
