// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/service.h"

#include "app/sample/log.h"

#include <microhttpd.h>

namespace cachedeck::sample {

using namespace cacheaside;

namespace {

constexpr std::size_t mostWaiting = 1000;

CacheAside::ClassId classOf(const CacheAside& cache, const Route& route) {
  if (route.cacheClass.empty()) return 0;
  const Outcome<CacheAside::ClassId> id = cache.classId(route.cacheClass);
  if (!id) throw std::logic_error(id.error().message);
  return *id;
}

int usualStatus(Action action) { return action == Action::CreateRisk ? 201 : action == Action::DeleteRisk ? 204 : 200; }

Reply noRoute(const Match& match) {
  if (match.allow.empty()) return errorReply(404, "There is nothing at this path.");
  std::string methods = match.allow;
  if (const std::size_t last = methods.rfind(", "); last != std::string::npos) methods.replace(last, 2, " or ");
  Reply reply = errorReply(405, "This method is not allowed here. Use " + methods + ".");
  reply.headers.emplace_back(MHD_HTTP_HEADER_ALLOW, match.allow);
  return reply;
}

}  // namespace

Service::Service(CacheAside& cache, Database database, HttpFigures& http, FiguresText figures)
    : m_cache(cache), m_database(std::move(database)), m_http(http), m_figures(std::move(figures)), m_keeper(cache, m_database),
      // Twice the connections, so that those who wait for one are seen as such, and some for logins and removals.
      m_work(2 * static_cast<std::size_t>(m_database.pool().options().maxOpen) + 8, mostWaiting), m_side(2, 64) {
  for (const Route& route : routes()) {
    m_prepared.push_back({route, KeyTemplate(route.key, route.parameters), classOf(cache, route)});
    m_http.expect(labelOf(route), route.method, usualStatus(route.action));
  }
}

void Service::stop() {
  m_keeper.stop();
  m_work.stop();
  m_side.stop();
}

void Service::handle(Exchange& exchange) {
  const Match match = matchRoute(exchange.method(), exchange.path(), exchange.query());
  exchange.label = match.label;
  if (!match.route) return exchange.answer(noRoute(match));
  const Call call{exchange, m_prepared[static_cast<std::size_t>(match.route - routes().data())], match.id};
  if (match.route->open || admitted(call)) carryOut(call);
}

void Service::answered(Exchange& exchange, int status) {
  if (exchange.label == Exchange::noLabel) exchange.label = matchRoute(exchange.method(), exchange.path(), exchange.query()).label;
  m_http.count(exchange.label, exchange.method(), status, std::chrono::steady_clock::now() - exchange.arrived());
}

void Service::carryOut(const Call& call) {
  switch (call.route().action) {
    case Action::Read: return read(call);
    case Action::CreateRisk: return createRisk(call);
    case Action::ReplaceRisk: return replaceRisk(call);
    case Action::DeleteRisk: return deleteRisk(call);
    case Action::Invalidate: return invalidate(call);
    case Action::Login: return login(call);
    case Action::Health: return health(call.exchange);
    case Action::Metrics: break;
  }
  metrics(call.exchange);
}

// From memory alone; but it is a long text, for which no hit is to wait.
void Service::metrics(Exchange& exchange) {
  later(exchange, m_side, [this](Time) {
    Reply reply = jsonReply(200, m_figures());
    reply.contentType = "text/plain; version=0.0.4; charset=utf-8";
    return reply;
  });
}

void Service::later(Exchange& exchange, TaskPool& threads, Work work) {
  exchange.defer([&exchange, &threads, work = std::move(work)] {
    const bool taken = threads.post([&exchange, work] {
      const Time since = exchange.received();
      if (Database::tooLate(since)) return exchange.answer(busyReply("The request waited too long for its turn. Try again in a moment."));
      Reply reply;
      try {
        reply = work(since);
      } catch (const std::exception& error) {
        logSparingly(error.what());
        reply = errorReply(500, "The request could not be carried out.");
      }
      exchange.answer(std::move(reply));
    });
    if (!taken) exchange.answer(busyReply("Too many requests wait already. Try again in a moment."));
  });
}

Reply badParameter(const BadParameter& bad) { return errorReply(400, bad.message, "parameter", bad.name); }

}  // namespace cachedeck::sample
