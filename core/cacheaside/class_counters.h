// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/cache_aside.h"

#include <atomic>

namespace cachedeck::cacheaside {

/// ClassStats as many threads count them.
struct alignas(64) ClassCounters {
  using Counter = std::atomic<std::uint64_t>;
  Counter hits{0}, misses{0}, bypassed{0}, shared{0}, computed{0}, failed{0}, stored{0}, discarded{0}, invalidated{0};
  Latency lookup, compute;

  static void count(Counter& counter, std::uint64_t by = 1) { counter.fetch_add(by, std::memory_order_relaxed); }

  ClassStats read() const {
    ClassStats out;
    out.hits = hits;
    out.misses = misses;
    out.bypassed = bypassed;
    out.shared = shared;
    out.computed = computed;
    out.failed = failed;
    out.stored = stored;
    out.discarded = discarded;
    out.invalidated = invalidated;
    out.lookup = lookup.counts();
    out.compute = compute.counts();
    return out;
  }
};

/// Adds the time from its construction on.
class Timed {
 public:
  explicit Timed(Latency& latency) : m_latency(latency) {}
  ~Timed() { m_latency.add(std::chrono::steady_clock::now() - m_begin); }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  Latency& m_latency;
  const Time m_begin = std::chrono::steady_clock::now();
};

}  // namespace cachedeck::cacheaside
