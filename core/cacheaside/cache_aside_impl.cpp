// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/cache_aside_impl.h"

#include <algorithm>
#include <exception>
#include <random>

namespace cachedeck::cacheaside {

using namespace std::chrono_literals;

Outcome<Computed> guarded(const Compute& compute, bool* threw) {
  std::string reason = "an exception that is no std::exception";
  try {
    return compute();
  } catch (const std::exception& exception) {
    reason = exception.what();
  } catch (...) {  // whatever it is, those who wait for the answer must get one
  }
  if (threw) *threw = true;
  return Failure{Failure::Kind::Query, "The value could not be computed: " + reason + "."};
}

std::chrono::milliseconds CacheAside::Impl::ttl(ClassId id) const {
  thread_local std::minstd_rand random{std::random_device{}()};
  const ClassPolicy& policy = classes[id];
  const double jitter = std::clamp(policy.jitter, 0.0, 0.5);
  const double factor = 1 + std::uniform_real_distribution(-jitter, jitter)(random);
  const auto span = static_cast<double>(std::min(policy.ttl, longestTtl).count()) * factor;
  return policy.ttl.count() <= 0 ? 0ms : std::max(1ms, std::chrono::milliseconds(static_cast<std::int64_t>(span)));
}

bool CacheAside::Impl::store(ClassId id, std::size_t slot, std::uint64_t epoch, const std::string& key, const std::string& value) {
  const std::chrono::milliseconds time = ttl(id);
  if (time.count() <= 0 || !backend.available()) return false;
  const std::optional<Epochs::Pass> pass = epochs.enter(slot, epoch);
  if (!pass) {
    ClassCounters::count(counters[id].discarded);
    return false;
  }
  if (!backend.set(key, value, time)) return false;
  ClassCounters::count(counters[id].stored);
  return true;
}

Outcome<Computed> CacheAside::Impl::computed(ClassId id, const Compute& compute) {
  ClassCounters& counts = counters[id];
  ClassCounters::count(counts.computed);
  Outcome<Computed> out = [&] {
    const Timed timed(counts.compute);
    return guarded(compute);
  }();
  if (!out) ClassCounters::count(counts.failed);
  return out;
}

}  // namespace cachedeck::cacheaside
