// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/service.h"

#include <algorithm>

namespace cachedeck::sample {

using namespace cacheaside;

namespace {

// As json_build_object writes them (statements.h).
constexpr std::string_view emptyPage = "{\"items\" : [], \"page\" : ", emptyFirstPage = "{\"items\" : [], \"page\" : 1,";

Reply cachedReply(Value value, const char* xCache) {
  Reply reply;
  reply.body = std::move(value);
  reply.xCache = xCache;
  return reply;
}

Reply readReply(const Outcome<Answer>& answer) {
  if (!answer) return databaseReply(answer.error());
  if (!answer->value->empty()) return cachedReply(answer->value, answer->xCache());
  Reply reply = errorReply(404, "There is none with this id.");
  reply.xCache = answer->xCache();
  return reply;
}

// The statements give one row of one cell: the JSON, or NULL where there is nothing with the id. A page that has nothing is kept if it is
// the first: the pages behind the last are more than a cache holds.
Outcome<Computed> computedOf(Outcome<Rows> rows) {
  if (!rows) return rows.error();
  if (rows->rows.empty() || rows->rows[0].empty()) return Failure{Failure::Kind::Query, "A statement of the service gave no row."};
  std::optional<std::string>& json = rows->rows[0][0];
  if (!json) return Computed{{}, false};
  const bool beyondEnd = json->starts_with(emptyPage) && !json->starts_with(emptyFirstPage);
  return Computed{std::move(*json), !beyondEnd};
}

}  // namespace

void Service::read(const Call& call) {
  Arguments arguments;
  if (const auto bad = readArguments(call.route().parameters, call.id, call.exchange.query(), arguments)) return call.exchange.answer(badParameter(*bad));
  std::string key = call.prepared.key.key(arguments);
  if (call.exchange.deferred() || !m_cache.backend().remote()) {  // deferred for the proof of a password: this is a thread of ours then
    Reads alone;
    alone.add(call, std::move(key), std::move(arguments));
    return lookUp(std::move(alone));
  }
  gathered().add(call, std::move(key), std::move(arguments));
  call.exchange.gather();
}

void Service::Reads::add(const Call& call, std::string key, Arguments arguments) {
  keys.push_back(std::move(key));
  classes.push_back(call.prepared.cacheClass);
  list.push_back({&call.exchange, &call.prepared, std::move(arguments)});
}

// Of this thread: the server calls all functions for one connection on the same thread.
Service::Reads& Service::gathered() {
  static thread_local Reads reads;
  return reads;
}

void Service::left(Exchange& exchange) {
  Reads& reads = gathered();
  const auto found = std::ranges::find(reads.list, &exchange, &Reads::One::exchange);
  if (found == reads.list.end()) return;
  const std::ptrdiff_t at = found - reads.list.begin();
  reads.list.erase(found);
  reads.classes.erase(reads.classes.begin() + at);
  reads.keys.erase(reads.keys.begin() + at);
}

void Service::together() { lookUp(std::exchange(gathered(), {})); }

void Service::lookUp(Reads reads) {
  std::vector<CacheAside::Lookup> found = m_cache.findEach(reads.classes, reads.keys);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].value)
      reads.list[i].exchange->answer(cachedReply(std::move(found[i].value), "HIT"));
    else
      compute(reads.list[i], reads.keys[i], found[i].ticket);
  }
}

void Service::compute(const Reads::One& read, const std::string& key, std::uint64_t ticket) {
  const Route& route = read.prepared->route;
  std::vector<Parameter> parameters{m_database.seconds(route.cost)};
  for (std::size_t i = 0; i < route.parameters.size(); ++i) parameters.push_back(boundValue(route.parameters[i], read.arguments[i]));

  read.exchange->defer([this, &route, &exchange = *read.exchange, id = read.prepared->cacheClass, key, ticket, parameters = std::move(parameters)] {
    const Time since = exchange.received();
    const auto work = [this, &route, since, parameters]() -> Outcome<Computed> { return computedOf(m_database.query(since, route.sql, parameters)); };
    // A task that is dropped, with no room for it or because it waited too long, answers all who wait for it, and counts as no computation.
    const auto run = [this, since](std::function<void()> task) {
      static_cast<void>(m_work.post([since, task = std::move(task)] {
        if (!Database::tooLate(since)) task();
      }));
    };
    const auto done = [&exchange](const Outcome<Answer>& answer) { exchange.answer(readReply(answer)); };
    m_cache.fill(id, key, ticket, work, done, run);
  });
}

}  // namespace cachedeck::sample
