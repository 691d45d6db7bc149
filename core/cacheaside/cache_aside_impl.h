// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/class_counters.h"
#include "core/cacheaside/epochs.h"
#include "core/cacheaside/flights.h"

#include <memory>

namespace cachedeck::cacheaside {

/// What the parts of CacheAside share.
class CacheAside::Impl {
 public:
  class Job;

  Impl(Backend& backendToUse, std::vector<ClassPolicy> policies)
      : backend(backendToUse), classes(std::move(policies)), epochs(classes), counters(std::make_unique<ClassCounters[]>(classes.size())) {}

  /// The TTL of the class with its jitter, different each time.
  std::chrono::milliseconds ttl(ClassId id) const;
  /// True when it is in the backend now.
  bool store(ClassId id, std::size_t slot, std::uint64_t epoch, const std::string& key, const std::string& value);
  Outcome<Computed> computed(ClassId id, const Compute& compute);

  Backend& backend;
  const std::vector<ClassPolicy> classes;
  Epochs epochs;
  Flights flights;
  std::unique_ptr<ClassCounters[]> counters;
};

/// The outcome of a function of the caller's, who may throw: `threw` says that it did.
Outcome<Computed> guarded(const Compute& compute, bool* threw = nullptr);

}  // namespace cachedeck::cacheaside
