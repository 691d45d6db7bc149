// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/epochs.h"

#include "core/cacheaside/glob.h"

#include <functional>
#include <set>

namespace cachedeck::cacheaside {

namespace {

constexpr std::size_t sharedSlots = 64;

}  // namespace

struct Epochs::Slot {
  std::mutex mutex;
  std::condition_variable ended;
  std::atomic<std::uint64_t> epoch{0};        // raised under the mutex
  std::map<std::uint64_t, unsigned> storing;  // how many of each epoch; stores of the newest never hold an invalidation up

  std::uint64_t raise() {
    const std::scoped_lock lock(mutex);
    return ++epoch;
  }
  void awaitOlder(std::uint64_t than) {
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return storing.empty() || storing.begin()->first >= than; });
  }
};

Epochs::Epochs(std::span<const ClassPolicy> classes) {
  for (const ClassPolicy& policy : classes) m_named.emplace(policy.name, m_named.size());
  m_count = m_named.size() + sharedSlots;
  m_slots = std::make_unique<Slot[]>(m_count);
}

Epochs::~Epochs() = default;

std::size_t Epochs::slotOfSegment(std::string_view segment) const {
  const auto found = m_named.find(segment);
  return found != m_named.end() ? found->second : m_named.size() + std::hash<std::string_view>()(segment) % sharedSlots;
}

std::size_t Epochs::slotOf(std::string_view key) const { return slotOfSegment(keySegment(key)); }

std::uint64_t Epochs::now(std::size_t slot) const { return m_slots[slot].epoch.load(std::memory_order_acquire); }

std::optional<Epochs::Pass> Epochs::enter(std::size_t slot, std::uint64_t epoch) {
  Slot& entry = m_slots[slot];
  const std::scoped_lock lock(entry.mutex);
  if (entry.epoch != epoch) return {};
  ++entry.storing[epoch];
  return Pass(&entry, epoch);
}

Epochs::Pass::~Pass() {
  if (!m_slot) return;
  const std::scoped_lock lock(m_slot->mutex);
  const auto count = m_slot->storing.find(m_epoch);
  if (--count->second > 0) return;
  m_slot->storing.erase(count);
  m_slot->ended.notify_all();
}

void Epochs::raise(std::span<const std::string> patterns) {
  std::set<std::size_t> slots;
  for (const std::string& pattern : patterns) {
    if (const std::optional<std::string> segment = globSegment(pattern))
      slots.insert(slotOfSegment(*segment));
    else
      for (std::size_t slot = 0; slot < m_count; ++slot) slots.insert(slot);
  }
  std::map<std::size_t, std::uint64_t> raised;
  for (const std::size_t slot : slots) raised.emplace(slot, m_slots[slot].raise());
  for (const auto& [slot, epoch] : raised) m_slots[slot].awaitOlder(epoch);
}

void Epochs::raise(std::size_t slot) { m_slots[slot].awaitOlder(m_slots[slot].raise()); }

}  // namespace cachedeck::cacheaside
