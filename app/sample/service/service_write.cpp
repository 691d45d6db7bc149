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

Reply failedChange(const Database::Changed& changed) {
  if (changed.doubtful == 0) return databaseReply(changed.rows.error());
  logSparingly("database: " + changed.rows.error().message);
  return errorReply(504, "The database did not confirm the change: it may have been made, or may be made yet. Read it before you try again.");
}

// The failure of a removal. One by a cache that is away is no news, and is made up for before it is used again.
void invalidated(const Outcome<std::uint64_t>& removed) {
  if (!removed && removed.error().kind == Failure::Kind::Query) logSparingly("cache: " + removed.error().message);
}

std::string namesOfCascades() {
  std::string names;
  for (const Cascade& cascade : referenceCascades()) names += (names.empty() ? "" : ", ") + std::string(cascade.name);
  return names;
}

std::optional<BadParameter> badCascade(const std::string& name, const std::string& id) {
  const auto all = referenceCascades();
  const auto cascade = std::find_if(all.begin(), all.end(), [&name](const Cascade& one) { return one.name == name; });
  if (name.empty()) return BadParameter{"cascade", "Name a cascade: " + namesOfCascades() + "."};
  if (cascade == all.end()) return BadParameter{"cascade", "There is no such cascade. Name one of these: " + namesOfCascades() + "."};
  const bool ofOne = std::any_of(cascade->patterns.begin(), cascade->patterns.end(), [](std::string_view one) { return one.ends_with("{id}"); });
  if (ofOne && id.empty()) return BadParameter{"id", "The cascade " + name + " needs the id of what changed."};
  if (!ofOne && !id.empty()) return BadParameter{"id", "The cascade " + name + " takes no id."};
  return std::nullopt;
}

}  // namespace

void Service::createRisk(const Call& call) {
  Expected<RiskFields, Reply> fields = readRisk(call.exchange.body(), true);
  if (!fields) return call.exchange.answer(fields.error());
  later(call.exchange, m_work, [this, &route = call.route(), fields = std::move(*fields)](Time since) -> Reply {
    Database::Changed changed = change(since, route.sql, parametersOf(m_database.seconds(route.cost), fields), {});
    Outcome<Rows>& rows = changed.rows;
    if (!rows) return failedChange(changed);
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
  later(call.exchange, m_work, [this, &route = call.route(), id = arguments[0], fields = std::move(*fields)](Time since) -> Reply {
    std::vector<Parameter> parameters = parametersOf(m_database.seconds(route.cost), fields);
    parameters.emplace_back(id);
    Database::Changed changed = change(since, route.sql, parameters, id);
    Outcome<Rows>& rows = changed.rows;
    if (!rows) return failedChange(changed);
    return rows->rows.empty() ? noSuchRisk() : jsonReply(200, rows->rows[0].at(1).value_or(""));
  });
}

void Service::deleteRisk(const Call& call) {
  Arguments arguments;
  if (const auto bad = readArguments(call.route().parameters, call.id, {}, arguments)) return call.exchange.answer(badParameter(*bad));
  later(call.exchange, m_work, [this, &route = call.route(), id = arguments[0]](Time since) -> Reply {
    const Database::Changed changed = change(since, route.sql, {m_database.seconds(route.cost), id}, id);
    if (!changed.rows) return failedChange(changed);
    return changed.rows->rows.empty() ? noSuchRisk() : Reply{.status = 204};
  });
}

// One statement that changes a risk, and the removal of what was cached of it. Without an id the new risk's is in the first cell.
Database::Changed Service::change(Time since, const char* sql, const std::vector<Parameter>& parameters, const std::string& id) {
  Database::Changed changed = m_database.change(since, sql, parameters);
  const bool made = changed.rows && !changed.rows->rows.empty();
  if (!made && changed.doubtful == 0) return changed;
  const std::string its = made ? changed.rows->rows[0].at(0).value_or("") : id;
  cascade(since, its.empty() ? "all-risks" : "risk", its, changed.doubtful);
  return changed;
}

// After a change in doubt it is carried out now, and again once the change can no longer come. What the request has no time for any more is not
// served from now on, and is removed while others go on.
void Service::cascade(Time since, std::string_view name, const std::string& id, int doubtful) {
  const Outcome<std::vector<std::string>> patterns = cascadePatterns(name, id);
  if (!patterns) return logLine(patterns.error().message);
  invalidated(m_cache.invalidate(*patterns, since + Database::untilDone));
  if (doubtful != 0) m_keeper.removeAfter(doubtful, *patterns);
}

void Service::invalidate(const Call& call) {
  const std::string name = queryParameter(call.exchange.query(), "cascade").value_or("");
  std::string id = queryParameter(call.exchange.query(), "id").value_or("");
  if (const auto bad = badCascade(name, id)) return call.exchange.answer(badParameter(*bad));
  static constexpr ParameterRule idRule{.name = "id", .most = INT64_MAX, .required = true};
  Arguments arguments;
  if (!id.empty())
    if (const auto bad = readArguments({&idRule, 1}, id, {}, arguments)) return call.exchange.answer(badParameter(*bad));
  const Outcome<std::vector<std::string>> patterns = cascadePatterns(name, arguments[0]);
  if (!patterns) return call.exchange.answer(badParameter({"cascade", patterns.error().message}));
  later(call.exchange, m_work, [this, name, patterns = *patterns](Time since) { return invalidateNow(since, name, patterns); });
}

Reply Service::invalidateNow(Time since, const std::string& cascade, const std::vector<std::string>& patterns) {
  const Outcome<std::uint64_t> removed = m_cache.invalidate(patterns, since + Database::untilDone);
  nlohmann::ordered_json json{{"cascade", cascade}, {"patterns", patterns}};
  if (removed) {
    json["removed"] = *removed;
    return jsonReply(200, json.dump());
  }
  invalidated(removed);
  if (removed.error().kind == Failure::Kind::Query) return errorReply(500, "The cache refused to remove some of these keys.");
  json["removed"] = nullptr;
  json["note"] = m_cache.backend().available() ? "Not all could be removed in time. The rest is not served any more, and is removed soon."
                                               : "The cache cannot be reached. What is named here goes before the cache is used again.";
  return jsonReply(202, json.dump());
}

}  // namespace cachedeck::sample
