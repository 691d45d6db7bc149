// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/random.h"
#include "core/load/scenario.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace cachedeck::load {

/// Which key an iteration of the direct workload asks for. Keys are 1 to `keys`; of a Zipf distribution key 1 comes most often.
///
/// With a target hit ratio, every look-up is planned as a hit or a miss so that their share follows the target, and what turned out otherwise is made up for. Up to
/// eight keys are drawn until one is cached (or not) as planned: so the distribution stays what it is, but for what the plan excludes. When eight were not enough, a
/// hit falls back to a key that was stored lately, and a miss to a key that is removed right before it is looked up. Known as cached is what this run stored, until a
/// little before its time to live ends; known as not cached is what it never asked for: four bytes a key.
class DirectKeys {
 public:
  explicit DirectKeys(const CacheAsideWorkload& workload);

  /// Keys at most with a target hit ratio: 80 MB.
  static constexpr std::int64_t mostWithTarget = 20'000'000;

  std::int64_t draw(Random& random) const;

  struct Choice {
    std::int64_t key = 1;
    bool plannedHit = false;
    bool removeFirst = false;  ///< from the cache, so that it is the miss that was planned
  };
  Choice forLookUp(Random& random, std::int64_t nowNs);
  /// How the look-up ended; without `hit`: neither way, Redis failed.
  void lookedUp(const Choice& choice, std::optional<bool> hit);
  void stored(std::int64_t key, std::int64_t nowNs);
  void removed(std::int64_t key);
  void allStored(std::int64_t nowNs);

 private:
  bool isAs(bool plannedHit, std::int64_t key, std::int64_t nowNs) const { return plannedHit ? isCached(key, nowNs) : m_until[static_cast<std::size_t>(key)] == neverAsked; }
  bool isCached(std::int64_t key, std::int64_t nowNs) const { return m_until[static_cast<std::size_t>(key)] > tickOf(nowNs + m_marginNs); }
  /// 17 ms; 32 bits of them are two years.
  std::uint32_t tickOf(std::int64_t nowNs) const { return static_cast<std::uint32_t>((nowNs - m_epochNs) >> 24) + 2; }
  void owe(double hits);
  std::int64_t storedLately(Random& random, std::int64_t nowNs, std::int64_t otherwise) const;

  /// In place of a tick. What was asked for and is not known as cached may become so at any time: another user may be about to store it.
  static constexpr std::uint32_t neverAsked = 0, unsure = 1;

  const std::int64_t m_keys;
  const double m_target;
  const std::int64_t m_ttlNs, m_marginNs, m_epochNs;
  std::optional<ZipfDraw> m_zipf;
  std::vector<std::uint32_t> m_until;  ///< by key: the tick in which its time to live ends. Empty without a target.
  std::array<std::int64_t, 1024> m_lately{};
  std::size_t m_stored = 0;
  double m_owed = 0;  ///< hits that the target asks for and that were not planned yet
};

}  // namespace cachedeck::load
