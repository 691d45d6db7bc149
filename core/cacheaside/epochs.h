// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/classes.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace cachedeck::cacheaside {

/// Keeps what was computed before an invalidation from being stored after it. Each first segment of keys has an epoch, which invalidations raise;
/// a computation notes it before it begins, and may store only while it is still the same. Names of classes have an epoch of their own, other
/// segments share a few: then an invalidation of one discards computations of another, which costs a computation and is never wrong.
class Epochs {
  struct Slot;

 public:
  explicit Epochs(std::span<const ClassPolicy> classes);
  ~Epochs();

  std::size_t slotOf(std::string_view key) const;
  std::uint64_t now(std::size_t slot) const;

  /// Held while storing.
  class Pass {
   public:
    Pass(Pass&& other) noexcept : m_slot(std::exchange(other.m_slot, nullptr)), m_epoch(other.m_epoch) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass();

   private:
    friend class Epochs;
    Pass(Slot* slot, std::uint64_t epoch) : m_slot(slot), m_epoch(epoch) {}
    Slot* m_slot;
    std::uint64_t m_epoch;
  };
  /// Nothing when the epoch is over.
  std::optional<Pass> enter(std::size_t slot, std::uint64_t epoch);

  /// Raises the epochs of all keys that the patterns can match, and waits until no store of an older epoch is under way: whoever removes now removes
  /// those too. The wait is that of a command of the backend.
  void raise(std::span<const std::string> patterns);
  /// The same for one slot. Each of these raises by one.
  void raise(std::size_t slot);

 private:
  std::size_t slotOfSegment(std::string_view segment) const;

  std::map<std::string, std::size_t, std::less<>> m_named;
  std::size_t m_count;
  std::unique_ptr<Slot[]> m_slots;
};

}  // namespace cachedeck::cacheaside
