// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/cache_aside.h"

#include "core/cacheaside/cache_aside_impl.h"
#include "core/cacheaside/glob.h"

#include <algorithm>
#include <map>

namespace cachedeck::cacheaside {

CacheAside::CacheAside(Backend& backend, std::vector<ClassPolicy> classes) : m_impl(std::make_unique<Impl>(backend, std::move(classes))) {}
CacheAside::~CacheAside() = default;

const std::vector<ClassPolicy>& CacheAside::classes() const { return m_impl->classes; }
Backend& CacheAside::backend() const { return m_impl->backend; }
ClassStats CacheAside::stats(ClassId id) const { return m_impl->counters[id].read(); }

Outcome<CacheAside::ClassId> CacheAside::classId(std::string_view name) const {
  const auto found = std::ranges::find(m_impl->classes, name, &ClassPolicy::name);
  if (found != m_impl->classes.end()) return static_cast<ClassId>(found - m_impl->classes.begin());
  std::string names;
  for (const ClassPolicy& policy : m_impl->classes) names += (names.empty() ? "" : ", ") + policy.name;
  return Failure{Failure::Kind::Usage, "There is no cache class “" + std::string(name) + "”. The classes are " + names + "."};
}

CacheAside::Lookup CacheAside::find(ClassId id, const std::string& key) {
  ClassCounters& counts = m_impl->counters[id];
  Lookup out;
  out.ticket = m_impl->flights.ticket(key);
  if (!m_impl->backend.available()) {
    ClassCounters::count(counts.bypassed);
    return out;
  }
  Outcome<std::optional<std::string>> found = [&] {
    const Timed timed(counts.lookup);
    return m_impl->backend.get(key);
  }();
  ClassCounters::count(!found ? counts.bypassed : *found ? counts.hits : counts.misses);
  if (found && *found) out.value = std::make_shared<const std::string>(std::move(**found));
  return out;
}

std::vector<CacheAside::Lookup> CacheAside::findEach(std::span<const ClassId> ids, std::span<const std::string> keys) {
  std::vector<Lookup> out(keys.size());
  if (keys.size() == 1) out[0] = find(ids[0], keys[0]);
  if (keys.size() <= 1) return out;
  for (std::size_t i = 0; i < keys.size(); ++i) out[i].ticket = m_impl->flights.ticket(keys[i]);
  const auto countAll = [&](auto counter) {
    for (const ClassId id : ids) ClassCounters::count(m_impl->counters[id].*counter);
  };
  if (!m_impl->backend.available()) {
    countAll(&ClassCounters::bypassed);
    return out;
  }
  const auto begin = std::chrono::steady_clock::now();
  auto found = m_impl->backend.getMany(keys);
  if (!found && found.error().kind == Failure::Kind::Query) {  // one that the cache's user may not read keeps the others from nothing
    for (std::size_t i = 0; i < keys.size(); ++i) out[i] = find(ids[i], keys[i]);
    return out;
  }
  const auto span = std::chrono::steady_clock::now() - begin;
  for (const ClassId id : ids) m_impl->counters[id].lookup.add(span);  // each of the requests has waited for it
  if (!found) {
    countAll(&ClassCounters::bypassed);
    return out;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::optional<std::string>& text = (*found)[i];
    ClassCounters& counts = m_impl->counters[ids[i]];
    ClassCounters::count(text ? counts.hits : counts.misses);
    if (text) out[i].value = std::make_shared<const std::string>(std::move(*text));
  }
  return out;
}

CacheAside::Found CacheAside::findMany(ClassId id, std::span<const std::string> keys) {
  ClassCounters& counts = m_impl->counters[id];
  Found out;
  out.values.resize(keys.size());
  for (const std::string& key : keys) {
    const std::size_t slot = m_impl->epochs.slotOf(key);
    if (!out.ticket.m_epochs.contains(slot)) out.ticket.m_epochs.emplace(slot, m_impl->epochs.now(slot));
  }
  if (keys.empty()) return out;
  if (!m_impl->backend.available()) {
    ClassCounters::count(counts.bypassed, keys.size());
    return out;
  }
  auto found = [&] {
    const Timed timed(counts.lookup);
    return m_impl->backend.getMany(keys);
  }();
  if (!found) {
    ClassCounters::count(counts.bypassed, keys.size());
    return out;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::optional<std::string>& text = (*found)[i];
    ClassCounters::count(text ? counts.hits : counts.misses);
    if (text) out.values[i] = std::make_shared<const std::string>(std::move(*text));
  }
  return out;
}

void CacheAside::storeMany(ClassId id, std::span<const std::pair<std::string, std::string>> values, const Ticket& ticket) {
  if (!m_impl->backend.available()) return;
  std::map<std::size_t, Epochs::Pass> passes;  // an invalidation that begins now waits, and then removes these too
  for (const auto& [slot, epoch] : ticket.m_epochs)
    if (std::optional<Epochs::Pass> pass = m_impl->epochs.enter(slot, epoch)) passes.emplace(slot, std::move(*pass));
  std::vector<Entry> entries;
  for (const auto& [key, value] : values) {
    const std::chrono::milliseconds ttl = m_impl->ttl(id);
    if (ttl.count() <= 0) return;
    if (passes.contains(m_impl->epochs.slotOf(key)))
      entries.push_back({key, value, ttl});
    else
      ClassCounters::count(m_impl->counters[id].discarded);
  }
  if (!entries.empty() && m_impl->backend.setMany(entries)) ClassCounters::count(m_impl->counters[id].stored, entries.size());
}

Outcome<Answer> CacheAside::write(ClassId id, const std::string& key, const Compute& persist) {
  const std::size_t slot = m_impl->epochs.slotOf(key);
  const std::uint64_t before = m_impl->epochs.now(slot);
  bool threw = false;
  Outcome<Computed> persisted = guarded(persist, &threw);
  using enum Failure::Kind;
  const bool refused = !persisted && !threw && (persisted.error().kind == Query || persisted.error().kind == Usage || persisted.error().kind == Auth);
  if (refused) return persisted.error();

  // Who computes since before does not know of this write. And if another write or an invalidation came meanwhile, then before + 1 is
  // over already: that one may be the later one in the database, so this value is not stored, but the entry removed, after whatever that one stored.
  m_impl->epochs.raise(slot);
  const bool stored = persisted && persisted->cacheable && m_impl->store(id, slot, before + 1, key, persisted->value);
  // A failure to remove is made up for by the backend, before it is available again.
  if (!stored) static_cast<void>(m_impl->backend.remove(std::array{globEscaped(key)}));
  if (!persisted) return persisted.error();
  return Answer{std::make_shared<const std::string>(std::move(persisted->value)), Answer::Source::Miss, persisted->cacheable};
}

Outcome<std::uint64_t> CacheAside::invalidate(std::span<const std::string> patterns, Time deadline) {
  m_impl->epochs.raise(patterns);
  const Outcome<std::vector<std::uint64_t>> removed = m_impl->backend.remove(patterns, deadline);
  if (!removed) return removed.error();
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    sum += (*removed)[i];
    const std::optional<std::string> segment = globSegment(patterns[i]);
    const auto policy = std::ranges::find_if(m_impl->classes, [&](const ClassPolicy& one) { return segment == one.name; });
    if (policy == m_impl->classes.end()) continue;
    ClassCounters::count(m_impl->counters[static_cast<std::size_t>(policy - m_impl->classes.begin())].invalidated, (*removed)[i]);
  }
  return sum;
}

}  // namespace cachedeck::cacheaside
