// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_links.h"

#include <utility>

namespace cachedeck::cacheaside {

namespace {

constexpr std::size_t maxIdle = 64;

}  // namespace

RedisLinks::RedisLinks(RedisSettings settings) : m_settings(std::move(settings)), m_place(placeOf(m_settings)), m_addresses(m_settings) {
  m_idle.reserve(maxIdle);
  m_addresses.refresh(in(m_settings.connectTimeout));
  m_watch = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

RedisLinks::~RedisLinks() = default;

std::optional<Failure> RedisLinks::take(Lease& lease, Time deadline) {
  {
    const Lock lock(m_mutex);
    if (!m_open) return outage();
    ++m_busy;
    lease.generation = m_generation;
    if (!m_idle.empty()) {
      lease.link = std::move(m_idle.back());
      m_idle.pop_back();
    }
  }
  if (!lease.link) return connect(lease, deadline);
  lease.link->reuse();
  return {};
}

std::optional<Failure> RedisLinks::replace(Lease& lease, Time deadline) {
  lease.link.reset();
  return connect(lease, deadline);
}

std::optional<Failure> RedisLinks::connect(Lease& lease, Time deadline) {
  auto opened = RedisLink::open(m_settings, m_addresses.addresses(), in(m_settings.connectTimeout), deadline);
  if (opened) {
    lease.link = std::move(*opened);
    return {};
  }
  trip(lease.generation, opened.error());
  const Lock lock(m_mutex);
  finished();
  return opened.error();
}

std::optional<Failure> RedisLinks::giveBack(Lease lease) {
  const bool usable = lease.link->clean();
  const Lock lock(m_mutex);  // unlocked before `lease`, and with it a link that is not kept, is destroyed
  if (usable && m_open && lease.generation == m_generation && m_idle.size() < maxIdle) m_idle.push_back(std::move(lease.link));
  finished();
  return {};
}

std::optional<Failure> RedisLinks::giveUp(Lease lease, Effect effect, RedisLink::Status status) {
  const Failure failure = linkFailure(m_place, status);
  const bool doubtful = effect == Effect::Stores && lease.link->sent();
  if (doubtful) lease.link->finishSending();
  std::vector<std::unique_ptr<RedisLink>> closed;
  const Lock lock(m_mutex);
  if (doubtful) m_doubtful.push_back(std::move(lease.link));
  if (status != RedisLink::Status::Stopped && lease.generation == m_generation) tripLocked(failure, closed);
  finished();
  return failure;
}

void RedisLinks::trip(std::uint64_t generation, const Failure& failure, const std::string& key) {
  std::vector<std::unique_ptr<RedisLink>> closed;
  const Lock lock(m_mutex);
  if (generation != m_generation || !m_open) return;
  tripLocked(failure, closed);
  m_probe = key;
}

void RedisLinks::remember(std::span<const std::string> patterns) {
  const Lock lock(m_mutex);
  m_pending.add(patterns);
  m_withholds = true;
  m_changed.notify_all();
}

bool RedisLinks::withheld(std::string_view key) {
  if (!withholdsAny()) return false;
  const Lock lock(m_mutex);
  return m_pending.match(key) || m_underWay.match(key);
}

std::optional<Failure> RedisLinks::away() {
  const Lock lock(m_mutex);
  return m_open ? std::nullopt : std::optional(outage());
}

/// `closed` takes the links over, so that they are closed without the lock.
void RedisLinks::tripLocked(const Failure& failure, std::vector<std::unique_ptr<RedisLink>>& closed) {
  if (!m_open) return;
  m_open = false;
  ++m_generation;
  m_reason = failure;
  m_probe.clear();
  closed.swap(m_idle);
  m_changed.notify_all();
}

/// What everybody is told meanwhile: that Redis is away, or that the settings are wrong.
Failure RedisLinks::outage() const {
  const bool settings = m_reason.kind == Failure::Kind::Auth || m_reason.kind == Failure::Kind::Usage;
  return {settings ? m_reason.kind : Failure::Kind::Unavailable, m_reason.message};
}

void RedisLinks::finished() {
  if (--m_busy == 0 && !m_open) m_changed.notify_all();
}

}  // namespace cachedeck::cacheaside
