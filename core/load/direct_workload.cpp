// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pool_options.h"
#include "core/load/direct_cache.h"
#include "core/load/direct_store.h"
#include "core/load/direct_user.h"
#include "core/load/workload.h"

#include <algorithm>
#include <cstdio>

namespace cachedeck::load {

using namespace std::chrono_literals;
using cacheaside::in;
using cacheaside::Time;

namespace {

constexpr Millis longestFlush = 60s, longestOpening = 5s, cleanUpTime = 5s, cleanUpWhenStopped = 600ms;

// libpq's keyword='value'; the value may hold anything but NUL.
std::string conninfoOf(const std::vector<std::pair<std::string, std::string>>& settings) {
  std::string text;
  for (const auto& [keyword, value] : settings) {
    text += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += "' ";
  }
  return text;
}

cacheaside::RedisSettings redisOf(const DirectTarget& target) {
  cacheaside::RedisSettings settings;
  (target.redisHost.starts_with('/') ? settings.socket : settings.host) = target.redisHost;
  settings.port = target.redisPort;
  settings.user = target.redisUser;
  settings.password = target.redisPassword;
  settings.database = target.redisDatabase;
  return settings;
}

std::array<std::string, pgStatementCount> statementsFor(const CacheAsideWorkload& workload) {
  char sleep[64] = "";
  if (workload.queryCost.count() > 0) std::snprintf(sleep, sizeof sleep, ", pg_sleep(%.3f)", static_cast<double>(workload.queryCost.count()) / 1000);
  return {std::string("SELECT value") + sleep + " FROM cachedeck_load.entry WHERE id = $1", "UPDATE cachedeck_load.entry SET value = $2 WHERE id = $1"};
}

/// Reading through Redis and PostgreSQL themselves. Before the run the table is made (direct_store.h) and the cache prepared; after it our keys and, when no other run is there, the
/// schema are removed. When the run was stopped that may take 0.6 s; what is left then is used or removed by the next run.
class DirectWorkload : public Workload {
 public:
  explicit DirectWorkload(const RunPlan& plan) : m_workload(plan.scenario.workload), m_preparation(plan.scenario.cache), m_timeout(plan.scenario.timeout), m_redis(redisOf(plan.direct)) {
    m_conninfo = conninfoOf(plan.direct.postgres);
  }

  Expected<void, std::string> check(const DirectTarget& target);
  std::vector<std::string> stepNames() const override { return m_workload.writeFraction > 0 ? std::vector<std::string>{"read", "write"} : std::vector<std::string>{"read"}; }
  std::vector<std::string> checkNames() const override { return {}; }
  std::string prepare(Loop& loop, Recorder& recorder, const std::stop_token& stop) override;
  std::unique_ptr<VirtualUser> make(int index, Dispatcher& dispatcher) override { return std::make_unique<DirectUser>(index, *m_shared, dispatcher); }
  void cleanUp() override;

 private:
  std::string preparePostgres();
  std::string prepareRedis();
  void cleanRedis(Time deadline, const std::stop_token& stop);
  void cleanPostgres(Time deadline, const std::stop_token& stop);
  void leftOver(const std::string& what, const std::string& why);

  const CacheAsideWorkload m_workload;
  const CachePreparation m_preparation;
  const Millis m_timeout;
  const cacheaside::RedisSettings m_redis;
  std::string m_conninfo;
  std::stop_token m_stop;
  Recorder* m_recorder = nullptr;
  PgTarget m_pgTarget;
  std::optional<RedisTarget> m_redisTarget;
  std::optional<DirectStore> m_store;
  std::optional<PgPool> m_pool;
  std::optional<DirectShared> m_shared;
};

Expected<void, std::string> DirectWorkload::check(const DirectTarget& target) {
  if (target.postgres.empty()) return std::string("The direct workload reads from PostgreSQL, and none is named. Name one (--postgres or --profile).");
  if (const auto accepted = cacheaside::checkConninfo(m_conninfo); !accepted) return accepted.error().message;
  if (m_workload.cache && target.redisHost.empty()) return std::string("The direct workload reads through Redis, and none is named. Name one (--redis or --profile), or set `cache` to false.");
  if (target.redisHost.starts_with("rediss:")) return std::string("The direct workload does not speak TLS to Redis. Name a port without TLS, or a TLS tunnel's.");
  if (m_workload.keys < 1 || m_workload.valueBytes < 1 || m_workload.ttl.count() < 1 || (m_workload.distribution == CacheAsideWorkload::Keys::Zipf && !(m_workload.skew > 0)))
    return std::string("The direct workload needs `keys`, `valueBytes`, `ttl` and `skew` above 0.");
  if (m_workload.cache && m_workload.hitRatio >= 0 && m_workload.keys > DirectKeys::mostWithTarget)
    return "A target `hitRatio` takes at most " + std::to_string(DirectKeys::mostWithTarget) + " `keys`: what is cached is kept in mind for each.";
  const auto mode = cacheaside::poolMode(m_workload.poolMode);
  if (!mode) return mode.error().message;
  m_pgTarget.mostOpen = mode->maxOpen;
  return {};
}

std::string DirectWorkload::prepare(Loop& loop, Recorder& recorder, const std::stop_token& stop) {
  m_stop = stop;
  m_recorder = &recorder;
  if (std::string problem = preparePostgres(); !problem.empty()) return problem;
  m_pool.emplace(loop, m_pgTarget, recorder);
  m_shared.emplace(DirectShared{loop, recorder, m_workload, m_timeout, nullptr, *m_pool, DirectKeys(m_workload),
                                std::to_string(std::min(m_workload.ttl, std::chrono::duration_cast<Millis>(std::chrono::hours(24 * 3650))).count())});
  return m_workload.cache ? prepareRedis() : std::string();
}

std::string DirectWorkload::preparePostgres() {
  m_store.emplace(m_conninfo);
  if (std::string problem = m_store->prepare(m_workload, m_stop); !problem.empty()) return problem;
  m_pgTarget.conninfo = m_conninfo + "application_name='cachedeck-load'";
  auto beside = cacheaside::settingsBeside(m_pgTarget.conninfo, in(longestOpening), m_stop);
  if (!beside) return beside.error().message;
  m_pgTarget.beside = std::move(*beside);
  m_pgTarget.connectNs = std::int64_t{std::max(m_timeout, longestOpening).count()} * 1'000'000;  // also for those who come after one that waited in vain
  m_pgTarget.statements = statementsFor(m_workload);
  return {};
}

std::string DirectWorkload::prepareRedis() {
  DirectCache cache(m_redis, m_stop);
  if (std::string problem = cache.open(in(longestOpening)); !problem.empty()) return problem;
  m_redisTarget.emplace(m_redis, cache.addresses());
  m_shared->redis = &*m_redisTarget;
  // With a target hit ratio, keys that a killed run left would be hits that nobody planned.
  const bool unknown = m_workload.hitRatio >= 0 && m_store->wasAlone();
  if (m_preparation == CachePreparation::Flushed || m_store->wasRemade() || unknown)
    if (std::string problem = cache.flush(in(longestFlush)); !problem.empty()) return problem;
  if (m_preparation != CachePreparation::Warmed) return {};
  if (std::string problem = cache.warm(m_workload); !problem.empty()) return problem;
  m_shared->keys.allStored(monotonicNs());
  return {};
}

void DirectWorkload::leftOver(const std::string& what, const std::string& why) {
  if (m_recorder) m_recorder->example("clean-up: " + what + " left to the next run. " + why);
}

void DirectWorkload::cleanUp() {
  if (m_pool) m_pool->closeAll();
  if (!m_store) return;
  // Once stopped, the token would end what is to be done now; a stop from here on ends it.
  const bool stopped = m_stop.stop_requested();
  const std::stop_token stop = stopped ? std::stop_token() : m_stop;
  const Time deadline = stopped ? in(cleanUpWhenStopped) : in(cleanUpTime);
  if (m_store->becomeAlone(m_pool ? m_pool->abandoned() : std::vector<int>(), deadline, stop)) {
    cleanPostgres(deadline, stop);
    cleanRedis(deadline, stop);
  }
  m_store->close();
}

void DirectWorkload::cleanRedis(Time deadline, const std::stop_token& stop) {
  if (!m_redisTarget) return;
  DirectCache cache(m_redis, stop);
  std::string problem = cache.open(deadline);
  if (problem.empty()) problem = cache.flush(deadline);
  if (!problem.empty()) leftOver(std::string("the keys ") + directPrefix + "* are", problem);
}

void DirectWorkload::cleanPostgres(Time deadline, const std::stop_token& stop) {
  if (const std::string problem = m_store->drop(deadline, stop); !problem.empty()) leftOver("the schema cachedeck_load is", problem);
}

}  // namespace

Expected<std::unique_ptr<Workload>, std::string> makeDirectWorkload(const RunPlan& plan) {
  auto workload = std::make_unique<DirectWorkload>(plan);
  if (const auto checked = workload->check(plan.direct); !checked) return checked.error();
  return std::unique_ptr<Workload>(std::move(workload));
}

}  // namespace cachedeck::load
