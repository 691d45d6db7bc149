// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/service.h"

namespace cachedeck::sample {

using namespace cacheaside;

namespace {

Reply cachedReply(Value value, const char* xCache) {
  Reply reply;
  reply.body = std::move(value);
  reply.xCache = xCache;
  return reply;
}

Reply readReply(const Outcome<Answer>& answer) {
  if (!answer) return databaseReply(answer.error());
  if (answer->cacheable) return cachedReply(answer->value, answer->xCache());
  Reply reply = errorReply(404, "There is none with this id.");
  reply.xCache = answer->xCache();
  return reply;
}

// The statements give one row of one cell: the JSON, or NULL where there is nothing with the id.
Outcome<Computed> computedOf(Outcome<Rows> rows) {
  if (!rows) return rows.error();
  if (rows->rows.empty() || rows->rows[0].empty()) return Failure{Failure::Kind::Query, "A statement of the service gave no row."};
  std::optional<std::string>& json = rows->rows[0][0];
  if (!json) return Computed{{}, false};
  return Computed{std::move(*json), true};
}

}  // namespace

void Service::read(const Call& call) {
  Arguments arguments;
  if (const auto bad = readArguments(call.route().parameters, call.id, call.exchange.query(), arguments)) return call.exchange.answer(badParameter(*bad));
  const std::string key = call.prepared.key.key(arguments);
  CacheAside::Lookup found = m_cache.find(call.prepared.cacheClass, key);
  if (found.value) return call.exchange.answer(cachedReply(std::move(found.value), "HIT"));
  compute(call, key, found.ticket, arguments);
}

void Service::compute(const Call& call, const std::string& key, std::uint64_t ticket, const Arguments& arguments) {
  const Route& route = call.route();
  std::vector<Parameter> parameters{m_database.seconds(route.cost)};
  for (std::size_t i = 0; i < route.parameters.size(); ++i) parameters.push_back(boundValue(route.parameters[i], arguments[i]));

  call.exchange.defer();
  // A computation has to run once it is begun, since others may wait for it by then; with no room for it, it fails at once.
  const auto noRoom = std::make_shared<bool>(false);
  const auto work = [this, &route, noRoom, parameters = std::move(parameters)]() -> Outcome<Computed> {
    if (*noRoom) return Failure{Failure::Kind::Unavailable, "Too many requests wait for the database."};
    return computedOf(m_database.query(route.sql, parameters));
  };
  const auto run = [this, noRoom](const std::function<void()>& task) {
    if (m_work.post(task)) return;
    *noRoom = true;
    task();
  };
  const auto done = [&exchange = call.exchange](const Outcome<Answer>& answer) { exchange.answer(readReply(answer)); };
  m_cache.fill(call.prepared.cacheClass, key, ticket, work, done, run);
}

}  // namespace cachedeck::sample
