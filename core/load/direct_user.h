// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/direct_keys.h"
#include "core/load/direct_pool.h"
#include "core/load/redis_pipe.h"
#include "core/load/virtual_user.h"

#include <optional>

namespace cachedeck::load {

/// What the users of a direct run share.
struct DirectShared {
  Loop& loop;
  Recorder& recorder;
  const CacheAsideWorkload& workload;
  const Millis timeout;
  RedisTarget* redis;  ///< null: there is no cache
  PgPool& pool;
  DirectKeys keys;
  std::string ttl;     ///< in ms, as Redis reads it
  std::int64_t redisAwayUntilNs = 0;  ///< after a connection that could not be made nobody tries again before
  std::int64_t nowNs = 0;             ///< of the event that is being handled, where somebody has read the clock; else 0
};

enum DirectStep : std::size_t { ReadStep, WriteStep };

/// A reader through the cache: GET, and on a miss SELECT and SET; or a writer: UPDATE and UNLINK. Latency is that of the whole iteration, waiting for a connection of the pool
/// included.
///
/// While Redis is away, reads go to the database, as cache-aside does: they succeed, are neither hit nor miss, and an example tells what was wrong. A Redis that hangs is waited for
/// until the scenario's timeout (a connection: one second). A write whose key cannot be removed has failed: the cache may hold what is outdated.
class DirectUser : public VirtualUser, private RedisPipe::Owner, private PgCall, private Loop::Timer {
 public:
  DirectUser(int index, DirectShared& shared, Dispatcher& dispatcher);

  void begin(std::int64_t intendedNs) override;
  void cutOff() override;
  void recordUnanswered(std::int64_t nowNs, std::int64_t longNs) override;
  void watchDeadline(std::int64_t nowNs) override;

 private:
  enum class Phase { Free, LookUp, Query, Store, Remove, Pause };
  void redisReplied(const cacheaside::Reply& reply) override;
  void redisBroke(FailureKind kind, const std::string& reason) override;
  void pgAnswered(int rows, std::string_view value) override;
  void pgFailed(FailureKind kind, const std::string& reason) override;
  void due(std::int64_t dueNs, std::uint64_t token) override;

  void lookUp();
  void lookedUp(const cacheaside::Reply& reply);
  void query(PgStatement which);
  void store(std::string_view text);
  void remove();
  void redisRefused(std::string_view command, const cacheaside::Reply& reply);
  void withoutRedis(const std::string& reason);
  bool hasRedis() const { return m_redis && m_shared.nowNs >= m_shared.redisAwayUntilNs; }
  void makeValue();
  void succeed() { end(std::nullopt, {}); }
  void fail(FailureKind kind, const std::string& reason) { end(kind, reason); }
  void end(std::optional<FailureKind> failure, const std::string& reason);
  void record(std::int64_t nowNs, std::optional<FailureKind> failure, const std::string& reason);
  void giveUp(bool cancel);
  const char* waitsFor() const;

  DirectShared& m_shared;
  Dispatcher& m_dispatcher;
  std::optional<RedisPipe> m_redis;
  Random m_random;
  Phase m_phase = Phase::Free;
  DirectStep m_step = ReadStep;
  DirectKeys::Choice m_choice;
  std::string m_key, m_value;
  std::int64_t m_sentNs = 0, m_begunNs = 0;
  std::uint64_t m_round = 0, m_bytesIn = 0, m_bytesOut = 0;
  Outcome::Cache m_cache = Outcome::Cache::Unknown;
  bool m_stores = false;  ///< what is read is put into the cache
};

}  // namespace cachedeck::load
