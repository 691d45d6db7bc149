// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/direct_user.h"

#include "core/cacheaside/redis_errors.h"
#include "core/load/direct_cache.h"

#include <algorithm>
#include <charconv>

namespace cachedeck::load {

using cacheaside::Reply;

namespace {

constexpr std::int64_t millisecond = 1'000'000;
// A server that refuses would otherwise be asked as fast as this machine can, and nothing else be measured.
constexpr std::int64_t afterFailureNs = 10 * millisecond, redisAwayNs = 100 * millisecond, redisConnectNs = 1000 * millisecond;

}  // namespace

DirectUser::DirectUser(int index, DirectShared& shared, Dispatcher& dispatcher)
    : VirtualUser(index), m_shared(shared), m_dispatcher(dispatcher), m_random(0x9e3779b97f4a7c15ULL * static_cast<std::uint64_t>(index + 1)) {
  if (shared.redis) m_redis.emplace(shared.loop, *shared.redis, static_cast<RedisPipe::Owner&>(*this));
  if (shared.workload.writeFraction > 0) m_value.assign(static_cast<std::size_t>(shared.workload.valueBytes), '0');
}

void DirectUser::begin(std::int64_t intendedNs) {
  if (m_shared.nowNs == 0) m_shared.nowNs = monotonicNs();
  m_busy = true;
  m_begunNs = m_shared.nowNs;
  m_sentNs = intendedNs ? intendedNs : m_begunNs;
  m_cache = Outcome::Cache::Unknown;
  m_stores = false;
  m_bytesIn = m_redis ? 0 - m_redis->bytesIn() : 0;
  m_bytesOut = m_redis ? 0 - m_redis->bytesOut() : 0;
  const double writes = m_shared.workload.writeFraction;
  m_step = writes > 0 && m_random.unit() < writes ? WriteStep : ReadStep;
  if (m_step == ReadStep && hasRedis()) {
    lookUp();
  } else {
    m_choice.key = m_shared.keys.draw(m_random);
    query(m_step == WriteStep ? PgStatement::Update : PgStatement::Select);
  }
  m_shared.nowNs = 0;
}

void DirectUser::lookUp() {
  m_choice = m_shared.keys.forLookUp(m_random, m_shared.nowNs);
  m_phase = Phase::LookUp;
  m_key = directKey(m_choice.key);
  if (m_choice.removeFirst) m_redis->add({"UNLINK", m_key});
  m_redis->add({"GET", m_key});
  m_redis->send();
}

void DirectUser::lookedUp(const Reply& reply) {
  if (reply.isError()) return redisRefused("GET", reply);
  const bool hit = reply.type == Reply::Type::Text;
  m_shared.keys.lookedUp(m_choice, hit);
  m_cache = hit ? Outcome::Cache::Hit : Outcome::Cache::Miss;
  if (hit) return succeed();
  m_stores = true;
  query(PgStatement::Select);
}

void DirectUser::query(PgStatement which) {
  m_phase = Phase::Query;
  PgCall::statement = which;
  PgCall::key = m_choice.key;
  if (which == PgStatement::Update) {
    makeValue();
    PgCall::value = m_value;
    m_bytesOut += m_value.size();
  }
  m_shared.pool.submit(*this);
}

// Another one each time, as long as all values.
void DirectUser::makeValue() {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, m_random.next()).ptr;
  std::copy_n(digits, std::min(m_value.size(), static_cast<std::size_t>(end - digits)), m_value.begin());
}

void DirectUser::pgAnswered(int rows, std::string_view text) {
  m_bytesIn += text.size();
  if (rows != 1) return fail(FailureKind::Postgres, "cachedeck_load.entry has no row " + std::to_string(m_choice.key) + ". Somebody else changed the table; start again.");
  if (m_step == WriteStep) return remove();
  if (m_stores) store(text);
  else succeed();
}

void DirectUser::store(std::string_view text) {
  m_phase = Phase::Store;
  m_redis->add({"SET", m_key, text, "PX", m_shared.ttl});
  m_redis->send();
}

void DirectUser::remove() {
  if (!m_redis) return succeed();
  m_shared.nowNs = monotonicNs();
  const bool has = hasRedis();
  m_shared.nowNs = 0;
  if (!has) return fail(FailureKind::Redis, "the row was changed and Redis is away: its key could not be removed");
  m_phase = Phase::Remove;
  m_key = directKey(m_choice.key);
  m_shared.keys.removed(m_choice.key);
  m_redis->add({"UNLINK", m_key});
  m_redis->send();
}

void DirectUser::redisReplied(const Reply& reply) {
  if (m_phase == Phase::LookUp) return lookedUp(reply);
  if (reply.isError()) return redisRefused(m_phase == Phase::Store ? "SET" : "UNLINK", reply);
  if (m_phase == Phase::Store && m_shared.workload.hitRatio >= 0) m_shared.keys.stored(m_choice.key, monotonicNs());
  succeed();
}

void DirectUser::redisRefused(std::string_view command, const Reply& reply) {
  const std::string reason = cacheaside::refusal(m_shared.redis->place, command, reply.text).failure.message;
  m_phase == Phase::Remove ? fail(FailureKind::Redis, reason) : withoutRedis("redis: " + reason);
}

void DirectUser::redisBroke(FailureKind kind, const std::string& reason) {
  if (kind == FailureKind::Connect) m_shared.redisAwayUntilNs = monotonicNs() + redisAwayNs;
  if (m_phase == Phase::Remove) return fail(kind, reason);
  withoutRedis(std::string(failureName(kind)) + ": " + reason);
}

// The read goes on as if there were no cache.
void DirectUser::withoutRedis(const std::string& reason) {
  m_shared.recorder.example(reason + (m_phase == Phase::LookUp ? " (read from the database)" : " (not stored)"));
  if (m_phase == Phase::Store) return succeed();
  m_shared.keys.lookedUp(m_choice, std::nullopt);
  query(PgStatement::Select);
}

void DirectUser::pgFailed(FailureKind kind, const std::string& reason) { fail(kind, reason); }

void DirectUser::record(std::int64_t nowNs, std::optional<FailureKind> failure, const std::string& reason) {
  Outcome outcome;
  outcome.step = m_step;
  outcome.latencyNs = nowNs - m_sentNs;
  outcome.failed = failure.has_value();
  outcome.failure = failure.value_or(FailureKind::Redis);
  outcome.cache = m_cache;
  outcome.bytesIn = m_bytesIn + (m_redis ? m_redis->bytesIn() : 0);
  outcome.bytesOut = m_bytesOut + (m_redis ? m_redis->bytesOut() : 0);
  m_shared.recorder.add(outcome);
  if (failure) m_shared.recorder.example(std::string(failureName(*failure)) + ": " + reason);
}

void DirectUser::end(std::optional<FailureKind> failure, const std::string& reason) {
  const std::int64_t now = monotonicNs();
  record(now, failure, reason);
  if (failure) {
    m_phase = Phase::Pause;
    return m_shared.loop.arm(now + afterFailureNs, *this, ++m_round);
  }
  m_phase = Phase::Free;
  m_busy = false;
  m_shared.nowNs = now;  // the next iteration begins with this event
  m_dispatcher.iterationEnded(*this, true);
  m_shared.nowNs = 0;
}

void DirectUser::due(std::int64_t dueNs, std::uint64_t token) {
  if (m_phase != Phase::Pause || token != m_round) return;  // cut off meanwhile
  m_shared.recorder.late(monotonicNs() - dueNs);
  m_phase = Phase::Free;
  m_busy = false;
  m_dispatcher.iterationEnded(*this, true);
}

void DirectUser::giveUp(bool cancel) {
  if (m_redis && m_redis->isBusy()) m_redis->close();
  m_shared.pool.abandon(*this, cancel);
}

void DirectUser::cutOff() {
  giveUp(false);
  m_phase = Phase::Free;
  m_busy = false;
}

const char* DirectUser::waitsFor() const {
  if (m_phase != Phase::Query) return "Redis";
  return PgCall::isQueued ? "a database connection of the pool" : "PostgreSQL";
}

void DirectUser::recordUnanswered(std::int64_t nowNs, std::int64_t longNs) {
  if (m_phase == Phase::Pause || m_phase == Phase::Free || nowNs - m_begunNs < longNs) return;
  record(nowNs, FailureKind::Unanswered, "not done for " + std::to_string(longNs / millisecond) + " ms when the run ended; it waited for " + waitsFor());
}

void DirectUser::watchDeadline(std::int64_t nowNs) {
  if (m_phase == Phase::Pause || m_phase == Phase::Free) return;
  if (nowNs - m_begunNs >= std::int64_t{m_shared.timeout.count()} * millisecond) {
    const std::string reason = std::string("not done within ") + std::to_string(m_shared.timeout.count()) + " ms; it waited for " + waitsFor();
    if (m_phase == Phase::LookUp) m_shared.keys.lookedUp(m_choice, std::nullopt);
    giveUp(true);
    return fail(FailureKind::Timeout, reason);
  }
  if (m_redis && m_redis->isConnecting() && nowNs - m_begunNs >= redisConnectNs) {
    m_redis->close();
    redisBroke(FailureKind::Connect, "Redis at " + m_shared.redis->place + " did not complete a connection within 1 s");
  }
}

}  // namespace cachedeck::load
