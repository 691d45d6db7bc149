// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pending_removals.h"
#include "core/cacheaside/redis_link.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace cachedeck::cacheaside {

/// The connections to one Redis, the one used last first, and the breaker: open() is true until a command fails, and true again when
///   - Redis answers, and takes writes,
///   - no command of the time before is running any more, nor under way to a server that hung (a late SET would bring an old value back),
///   - the removals that had been remembered by then have been carried out.
///
/// withheld() is true for keys of removals that are remembered and not yet carried out, which may be so while it is open, too.
class RedisLinks {
 public:
  explicit RedisLinks(RedisSettings settings);
  ~RedisLinks();

  const RedisSettings& settings() const { return m_settings; }
  const std::string& place() const { return m_place; }
  bool open() const { return m_open.load(std::memory_order_acquire); }
  /// Changes with each outage.
  std::uint64_t generation() const { return m_generation.load(std::memory_order_acquire); }

  enum class Effect {
    Reads,   ///< or removes: does no harm if a server that hung carries it out later
    Stores,
  };
  /// Runs `exchange(link)` on a link of its own for this call. When a link that had been idle turns out to be closed, once more on a
  /// new one: that is no outage (a restart, CLIENT KILL, an idle timeout). Any other status than Done makes Redis unavailable for all, and
  /// so does a link that cannot be made. The failure, or nothing.
  template <typename Exchange>
  std::optional<Failure> run(Effect effect, Time deadline, const Exchange& exchange) {
    Lease lease;
    if (std::optional<Failure> failure = take(lease, deadline)) return failure;
    RedisLink::Status status = exchange(*lease.link);
    if (status == RedisLink::Status::Closed && !lease.link->heard()) {
      if (std::optional<Failure> failure = replace(lease, deadline)) return failure;
      status = exchange(*lease.link);
    }
    return status == RedisLink::Status::Done ? giveBack(std::move(lease)) : giveUp(std::move(lease), effect, status);
  }
  /// Makes Redis unavailable for all, because of what it answered in that generation to a command for `key` (none: empty).
  void trip(std::uint64_t generation, const Failure& failure, const std::string& key = {});
  /// Removes these as soon as possible; their keys are withheld until then.
  void remember(std::span<const std::string> patterns);
  /// What Redis has under this key is still to be removed: it must not be served.
  bool withheld(std::string_view key);
  bool withholdsAny() const { return m_withholds.load(std::memory_order_acquire); }
  /// The outage that there is now, or nothing.
  std::optional<Failure> away();

 private:
  struct Lease {
    std::unique_ptr<RedisLink> link;
    std::uint64_t generation = 0;
  };
  using Lock = std::unique_lock<std::mutex>;

  std::optional<Failure> take(Lease& lease, Time deadline);
  std::optional<Failure> replace(Lease& lease, Time deadline);
  std::optional<Failure> connect(Lease& lease, Time deadline);
  std::optional<Failure> giveBack(Lease lease);
  std::optional<Failure> giveUp(Lease lease, Effect effect, RedisLink::Status status);
  void finished();
  Failure outage() const;
  void tripLocked(const Failure& failure, std::vector<std::unique_ptr<RedisLink>>& closed);

  // redis_recovery.cpp
  void watch(const std::stop_token& stop);
  void recover(const std::stop_token& stop);
  Outcome<void> tryOnce(const std::stop_token& stop);
  Outcome<void> takesWrites(RedisLink& link);
  bool settle(const std::stop_token& stop);
  Outcome<void> makeUp(RedisLink& link, const std::vector<std::string>& patterns, const std::stop_token& stop);
  void catchUp(const std::stop_token& stop);
  std::vector<std::string> beginPass();
  void endPassLocked(const std::vector<std::string>& patterns, bool done);

  const RedisSettings m_settings;
  const std::string m_place;
  AddressBook m_addresses;

  std::atomic<bool> m_open = true;
  std::atomic<std::uint64_t> m_generation = 0;
  std::mutex m_mutex;  // for all below
  std::vector<std::unique_ptr<RedisLink>> m_idle;
  std::vector<std::unique_ptr<RedisLink>> m_doubtful;  // a SET was sent, and not answered
  std::size_t m_busy = 0;                              // calls of run() that have a lease
  PendingRemovals m_pending, m_underWay;  // removals that are remembered; those of them that the watching thread carries out now
  std::atomic<bool> m_withholds = false;  // there are any; set under the mutex
  std::string m_probe;  // the key of the command whose answer began the outage; empty: it was something else
  Failure m_reason;  // of the outage
  std::condition_variable_any m_changed;
  std::jthread m_watch;  // last: ends first
};

}  // namespace cachedeck::cacheaside
