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
      m_changed.wait(lock, stop, [this] { return !m_open || !m_pending.empty(); });
    }
    if (stop.stop_requested()) return;
    if (open())
      catchUp(stop);
    else
      recover(stop);
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
  if (!settle(stop)) return Failure{Failure::Kind::Closed, "Stopped."};
  const std::vector<std::string> patterns = beginPass();
  const Outcome<void> result = patterns.empty() ? Outcome<void>() : makeUp(**link, patterns, stop);
  const Lock lock(m_mutex);
  endPassLocked(patterns, result.ok());
  if (!result) return result;
  (*link)->reuse();
  m_idle.push_back(std::move(*link));
  m_open = true;
  return {};
}

/// Why an outage ends after one pass, however many removals keep coming: those that come during it are remembered as well, and with them their keys
/// are withheld. So it can be opened with them still to be carried out, which is done by further passes while all other keys are served; and
/// once it is open, whoever removes does so himself, and only comes back to this when his own time is over. A pass never takes in what came
/// after its begin: another instance may have stored an old value behind its cursor.
void RedisLinks::catchUp(const std::stop_token& stop) {
  const std::uint64_t began = generation();
  const std::vector<std::string> patterns = beginPass();
  RedisRemoval removal(m_settings, patterns, [&] { return !stop.stop_requested() && generation() == began; });
  const auto exchange = [&](RedisLink& link) { return removal.run(link, Time::max()); };
  const std::optional<Failure> failed = run(Effect::Reads, in(m_settings.commandTimeout), exchange);
  {
    const Lock lock(m_mutex);
    endPassLocked(patterns, !failed);
  }
  if (removal.refused()) trip(began, *removal.refused());
}

std::vector<std::string> RedisLinks::beginPass() {
  const Lock lock(m_mutex);
  std::vector<std::string> patterns = m_pending.take();
  m_underWay.add(patterns);
  return patterns;
}

void RedisLinks::endPassLocked(const std::vector<std::string>& patterns, bool done) {
  static_cast<void>(m_underWay.take());
  if (!done) m_pending.add(patterns);
  m_withholds = !m_pending.empty();
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
