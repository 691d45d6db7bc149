// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/log.h"
#include "app/sample/service/service.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace cachedeck::sample {

using namespace cacheaside;
using namespace std::chrono_literals;

namespace {

const char* levelName(PoolStats::Level level) {
  switch (level) {
    case PoolStats::Level::Normal: return "normal";
    case PoolStats::Level::Warning: return "warning";
    case PoolStats::Level::Critical: break;
  }
  return "critical";
}

}  // namespace

void Service::health(Exchange& exchange) {
  exchange.defer([this, &exchange] {
    bool first;
    {
      const std::lock_guard lock(m_healthMutex);
      m_healthAsked.push_back(&exchange);
      first = m_healthAsked.size() == 1;
    }
    if (first && !m_side.post([this] { answerHealth(); })) answerHealthAsked(busyReply("Too many requests wait already. Try again in a moment."));
  });
}

void Service::answerHealth() {
  Reply reply;
  try {
    reply = checkHealth();
  } catch (const std::exception& error) {
    logSparingly(error.what());
    reply = errorReply(500, "The request could not be carried out.");
  }
  answerHealthAsked(reply);
}

void Service::answerHealthAsked(const Reply& reply) {
  std::vector<Exchange*> asked;
  {
    const std::lock_guard lock(m_healthMutex);
    asked.swap(m_healthAsked);
  }
  for (Exchange* exchange : asked) exchange->answer(reply);
}

Reply Service::checkHealth() const {
  const Time until = in(3s);  // for both checks together
  const Backend& backend = m_cache.backend();
  static_cast<void>(m_cache.backend().probe());  // it may have gone since the keeper looked
  const PoolHealth database = m_database.health(until);
  const PoolStats& pool = database.stats;
  const std::string_view name = backend.name();
  const bool cacheAway = name != "none" && !backend.available();
  const double milliseconds = std::chrono::duration<double, std::milli>(database.took).count();
  nlohmann::ordered_json json;
  json["status"] = !database.answers ? "down" : cacheAway || database.usedUp ? "degraded" : "ok";
  json["database"] = {{"answers", database.answers}, {"ms", std::round(milliseconds * 1000) / 1000}};
  if (!database.problem.empty()) json["database"]["problem"] = redacted(database.problem);
  json["cache"] = {{"backend", name}, {"available", backend.available()}};
  json["pool"] = {{"open", pool.open},       {"in_use", pool.inUse},     {"idle", pool.idle},
                  {"waiting", pool.waiting}, {"max_open", pool.maxOpen}, {"level", levelName(pool.level)}};
  return jsonReply(database.answers ? 200 : 503, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace cachedeck::sample
