// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_errors.h"
#include "core/cacheaside/redis_links.h"
#include "core/cacheaside/redis_removal.h"

#include <algorithm>
#include <utility>

namespace cachedeck::cacheaside {

using namespace std::chrono_literals;

namespace {

constexpr auto firstPause = 100ms;
constexpr auto longestPause = 1000ms;

/// Behind a link that lost its way nothing ever ends: the server then has had its time, and the rest of that link is thrown away.
constexpr auto settleWithin = 2s;

}  // namespace

void RedisLinks::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      Lock lock(m_mutex);
      m_changed.wait(lock, stop, [this] { return !m_open; });
    }
    if (!stop.stop_requested()) recover(stop);
  }
}

void RedisLinks::recover(const std::stop_token& stop) {
  std::chrono::milliseconds pause = firstPause;
  while (!stop.stop_requested()) {
    Lock lock(m_mutex);
    if (m_reason.kind == Failure::Kind::Auth) pause = longestPause;  // no hammering with a wrong password
    m_changed.wait_for(lock, stop, pause, [] { return false; });
    if (stop.stop_requested()) return;
    lock.unlock();
    const Outcome<void> result = tryOnce(stop);
    if (result) return;
    lock.lock();
    m_reason = result.error();
    pause = std::min(pause * 2, longestPause);
  }
}

Outcome<void> RedisLinks::tryOnce(const std::stop_token& stop) {
  m_addresses.refresh(in(m_settings.connectTimeout));
  const Time connectBy = in(m_settings.connectTimeout);
  auto link = RedisLink::open(m_settings, m_addresses.addresses(), connectBy, connectBy + m_settings.commandTimeout);
  if (!link) return link.error();
  if (Outcome<void> result = takesWrites(**link); !result) return result;
  {
    Lock lock(m_mutex);  // bounded: each of them has its deadline
    if (!m_changed.wait(lock, stop, [this] { return m_busy == 0; })) return m_reason;
  }
  while (settle(stop)) {
    std::vector<std::string> patterns;
    {
      const Lock lock(m_mutex);
      patterns = m_pending.take();
      if (patterns.empty()) {
        (*link)->reuse();
        m_idle.push_back(std::move(*link));
        m_open = true;
        return {};
      }
    }
    Outcome<void> result = makeUp(**link, patterns, stop);
    if (result) continue;
    const Lock lock(m_mutex);
    m_pending.add(patterns);
    return result;
  }
  return Failure{Failure::Kind::Closed, "Stopped."};
}

/// A replica, or a Redis that cannot save, answers PING but refuses to write. It is asked again with the key that it refused, which this user
/// may surely touch: that is removed, which does no harm. After other outages the next SET or removal tells.
Outcome<void> RedisLinks::takesWrites(RedisLink& link) {
  std::string key;
  {
    const Lock lock(m_mutex);
    key = m_probe;
  }
  if (key.empty()) return {};
  Reply reply;
  const RedisLink::Status status = link.ask({"UNLINK", key}, reply, in(m_settings.commandTimeout));
  if (status != RedisLink::Status::Done) return linkFailure(m_place, status);
  if (!reply.isError()) return {};
  Refusal refused = refusal(m_place, "UNLINK", reply.text);
  if (refused.away) return std::move(refused.failure);
  return {};  // who may not remove may still look up, until he has something to remove
}

/// Waits until Redis has ended the links on which it may still have found a SET, so that none is carried out after the removals. False when
/// stopped.
bool RedisLinks::settle(const std::stop_token& stop) {
  std::vector<std::unique_ptr<RedisLink>> links;
  {
    const Lock lock(m_mutex);
    links.swap(m_doubtful);
  }
  const Time deadline = in(settleWithin);
  for (const std::unique_ptr<RedisLink>& link : links)
    if (stop.stop_requested() || !link->awaitEnd(deadline)) link->abort();
  return !stop.stop_requested();
}

/// Without a deadline for the whole, since Redis stays unavailable until it is done; each step has one.
Outcome<void> RedisLinks::makeUp(RedisLink& link, const std::vector<std::string>& patterns, const std::stop_token& stop) {
  RedisRemoval removal(m_settings, patterns, [&] { return !stop.stop_requested(); });
  const RedisLink::Status status = removal.run(link, Time::max());
  if (status == RedisLink::Status::Done) return {};
  return removal.refused() ? *removal.refused() : linkFailure(m_place, status);
}

}  // namespace cachedeck::cacheaside
