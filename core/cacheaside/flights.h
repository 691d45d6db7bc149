// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/cache_aside.h"

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

namespace cachedeck::cacheaside {

/// A computation under way, and who waits for it.
struct Flight {
  std::uint64_t epoch = 0;  ///< what it will find is older than invalidations after that (epochs.h)
  std::vector<CacheAside::Done> waiters;
};

/// Which keys are being computed, so that each is computed once at a time.
class Flights {
 public:
  /// How far the flights near this key have come: to be taken before the cache is looked at.
  std::uint64_t ticket(const std::string& key) const { return shard(key).ended.load(std::memory_order_acquire); }

  struct Entry {
    std::shared_ptr<Flight> flight;  ///< the caller's own, who computes; null when `done` waits for somebody else's
    bool lookAgain = false;          ///< a flight ended since the ticket: what the caller missed may be there by now
  };
  /// Joins the key's flight, unless there is none or it began before an invalidation that the caller came after.
  Entry enter(const std::string& key, std::uint64_t epoch, std::uint64_t ticket, CacheAside::Done& done);
  /// A flight that nobody joins.
  static Entry alone(std::uint64_t epoch);
  /// Nobody joins it any more. Those who wait for it.
  std::vector<CacheAside::Done> end(const std::string& key, const std::shared_ptr<Flight>& flight);

 private:
  struct alignas(64) Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights;
    std::atomic<std::uint64_t> ended{0};
  };
  static constexpr std::size_t shards = 64;
  const Shard& shard(const std::string& key) const { return m_shards[std::hash<std::string>()(key) % shards]; }
  Shard& shard(const std::string& key) { return m_shards[std::hash<std::string>()(key) % shards]; }

  std::array<Shard, shards> m_shards;
};

}  // namespace cachedeck::cacheaside
