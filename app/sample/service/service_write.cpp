// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/log.h"
#include "app/sample/service/service.h"

#include <microhttpd.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace cachedeck::sample {

using namespace cacheaside;

namespace {

std::vector<Parameter> parametersOf(std::string seconds, const RiskFields& fields) {
  std::vector<Parameter> parameters{std::move(seconds)};
  parameters.insert(parameters.end(), fields.begin(), fields.end());
  return parameters;
}

Reply noSuchRisk() { return errorReply(404, "There is no risk with this id."); }

bool isCascade(std::string_view name) {
  const auto all = referenceCascades();
  return std::any_of(all.begin(), all.end(), [name](const Cascade& cascade) { return cascade.name == name; });
}

}  // namespace

void Service::createRisk(const Call& call) {
  Expected<RiskFields, Reply> fields = readRisk(call.exchange.body(), true);
  if (!fields) return call.exchange.answer(fields.error());
  later(call.exchange, m_work, [this, &route = call.route(), fields = std::move(*fields)]() -> Reply {
    Outcome<Rows> rows = change(route.sql, parametersOf(m_database.seconds(route.cost), fields), {});
    if (!rows) return databaseReply(rows.error());
    std::vector<std::optional<std::string>>& row = rows->rows.at(0);
    const std::string id = row.at(0).value_or("");
    Reply reply = jsonReply(201, row.at(1).value_or(""));
    reply.headers.emplace_back(MHD_HTTP_HEADER_LOCATION, std::string(route.path) + "/" + id);
    return reply;
  });
}

void Service::replaceRisk(const Call& call) {
  Arguments arguments;
  if (const auto bad = readArguments(call.route().parameters, call.id, {}, arguments)) return call.exchange.answer(badParameter(*bad));
  Expected<RiskFields, Reply> fields = readRisk(call.exchange.body(), false);
  if (!fields) return call.exchange.answer(fields.error());
  later(call.exchange, m_work, [this, &route = call.route(), id = arguments[0], fields = std::move(*fields)]() -> Reply {
    std::vector<Parameter> parameters = parametersOf(m_database.seconds(route.cost), fields);
    parameters.emplace_back(id);
    Outcome<Rows> rows = change(route.sql, parameters, id);
    if (!rows) return databaseReply(rows.error());
    return rows->rows.empty() ? noSuchRisk() : jsonReply(200, rows->rows[0].at(1).value_or(""));
  });
}

void Service::deleteRisk(const Call& call) {
  Arguments arguments;
  if (const auto bad = readArguments(call.route().parameters, call.id, {}, arguments)) return call.exchange.answer(badParameter(*bad));
  later(call.exchange, m_work, [this, &route = call.route(), id = arguments[0]]() -> Reply {
    const Outcome<Rows> rows = change(route.sql, {m_database.seconds(route.cost), id}, id);
    if (!rows) return databaseReply(rows.error());
    return rows->rows.empty() ? noSuchRisk() : Reply{.status = 204};
  });
}

// One statement that changes a risk, and the removal of what was cached of it. Without an id the new risk's is in the first cell.
Outcome<Rows> Service::change(const char* sql, const std::vector<Parameter>& parameters, const std::string& id) {
  Outcome<Lease> lease = m_database.lease();
  if (!lease) return lease.error();
  Outcome<Rows> rows = m_database.query(*lease, sql, parameters);
  const bool refused = !rows && (rows.error().kind == Failure::Kind::Query || rows.error().kind == Failure::Kind::Usage);
  if (refused || (rows && rows->rows.empty())) return rows;
  // After a broken link or a timeout nobody knows whether it was carried out: then what was cached goes as well.
  const std::string changed = rows ? rows->rows[0].at(0).value_or("") : id;
  if (changed.empty())
    cascade("all-risks", {});
  else
    cascade("risk", changed);
  return rows;
}

void Service::cascade(std::string_view name, const std::string& id) {
  const Outcome<std::vector<std::string>> patterns = cascadePatterns(name, id);
  if (!patterns) return logLine(patterns.error().message);
  // A cache that is away removes them before it is used again.
  if (const Outcome<std::uint64_t> removed = m_cache.invalidate(*patterns); !removed) logSparingly("cache: " + removed.error().message);
}

void Service::invalidate(const Call& call) {
  const std::string name = queryParameter(call.exchange.query(), "cascade").value_or("");
  std::string id = queryParameter(call.exchange.query(), "id").value_or("");
  static constexpr ParameterRule idRule{.name = "id", .most = INT64_MAX, .required = true};
  Arguments arguments;
  if (!id.empty())
    if (const auto bad = readArguments({&idRule, 1}, id, {}, arguments)) return call.exchange.answer(badParameter(*bad));
  const Outcome<std::vector<std::string>> patterns = cascadePatterns(name, arguments[0]);
  if (!patterns) return call.exchange.answer(badParameter({isCascade(name) ? "id" : "cascade", patterns.error().message}));
  later(call.exchange, m_work, [this, name, patterns = *patterns] { return invalidateNow(name, patterns); });
}

Reply Service::invalidateNow(const std::string& cascade, const std::vector<std::string>& patterns) {
  const Outcome<std::uint64_t> removed = m_cache.invalidate(patterns);
  nlohmann::ordered_json json{{"cascade", cascade}, {"patterns", patterns}};
  if (removed) {
    json["removed"] = *removed;
    return jsonReply(200, json.dump());
  }
  logSparingly("cache: " + removed.error().message);
  json["removed"] = nullptr;
  json["note"] = "The cache cannot be reached. What is named here goes before the cache is used again.";
  return jsonReply(202, json.dump());
}

}  // namespace cachedeck::sample
