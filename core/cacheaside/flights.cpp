// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/flights.h"

namespace cachedeck::cacheaside {

Flights::Entry Flights::enter(const std::string& key, std::uint64_t epoch, std::uint64_t ticket, CacheAside::Done& done) {
  Shard& at = shard(key);
  const std::scoped_lock lock(at.mutex);
  std::shared_ptr<Flight>& current = at.flights[key];
  if (current && current->epoch >= epoch) {
    current->waiters.push_back(std::move(done));
    return {};
  }
  current = std::make_shared<Flight>();  // an older one goes on for those who wait for it
  current->epoch = epoch;
  return {current, at.ended != ticket};
}

Flights::Entry Flights::alone(std::uint64_t epoch) {
  Entry entry{std::make_shared<Flight>(), false};
  entry.flight->epoch = epoch;
  return entry;
}

std::vector<CacheAside::Done> Flights::end(const std::string& key, const std::shared_ptr<Flight>& flight) {
  Shard& at = shard(key);
  const std::scoped_lock lock(at.mutex);
  const auto found = at.flights.find(key);
  if (found != at.flights.end() && found->second == flight) at.flights.erase(found);
  ++at.ended;
  return std::move(flight->waiters);
}

}  // namespace cachedeck::cacheaside
