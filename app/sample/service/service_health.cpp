// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/log.h"
#include "app/sample/service/service.h"

#include <nlohmann/json.hpp>

#include <array>
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

// A backend notices an outage when it is used, which may be never while nobody asks. To remove a key that is not there counts
// neither as a hit nor as a miss in Redis's own figures.
void Service::tryCache() {
  if (!m_cache.backend().available()) return;
  const std::array<std::string, 1> nothing{"cachedeck:health"};
  if (const auto removed = m_cache.backend().remove(nothing); !removed) logSparingly("cache: " + removed.error().message);
}

Reply Service::health() {
  tryCache();
  const PoolHealth database = m_database.pool().health(3s);
  const Backend& backend = m_cache.backend();
  const std::string_view name = backend.name();
  const bool cacheAway = name != "none" && !backend.available();
  const double milliseconds = std::chrono::duration<double, std::milli>(database.took).count();
  nlohmann::ordered_json json;
  json["status"] = !database.answers ? "down" : cacheAway ? "degraded" : "ok";
  json["database"] = {{"answers", database.answers}, {"ms", std::round(milliseconds * 1000) / 1000}};
  if (!database.answers) json["database"]["problem"] = redacted(database.problem);
  json["cache"] = {{"backend", name}, {"available", backend.available()}};
  json["pool"] = {{"open", database.stats.open},       {"in_use", database.stats.inUse},     {"idle", database.stats.idle},
                  {"waiting", database.stats.waiting}, {"max_open", database.stats.maxOpen}, {"level", levelName(database.stats.level)}};
  return jsonReply(database.answers ? 200 : 503, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace cachedeck::sample
