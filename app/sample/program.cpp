// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/program.h"

#include "app/sample/figures/library_figures.h"
#include "app/sample/log.h"
#include "app/sample/service/accounts.h"
#include "app/sample/service/seed.h"
#include "app/sample/service/service.h"
#include "app/sample/signals.h"
#include "core/cacheaside/memory_backend.h"

#include <prometheus/text_serializer.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace cachedeck::sample {

using namespace cacheaside;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Backend> backendOf(const Options& options) {
  if (options.cache == "redis") return std::make_unique<RedisBackend>(options.redis);
  if (options.cache == "memory") return std::make_unique<MemoryBackend>();
  return std::make_unique<NoBackend>();
}

void pause(std::chrono::milliseconds span, const std::stop_token& stop) {
  for (const Time end = in(span); !stop.stop_requested() && std::chrono::steady_clock::now() < end;) std::this_thread::sleep_for(20ms);
}

std::string secondsText(std::chrono::milliseconds span) {
  std::ostringstream text;
  text << static_cast<double>(span.count()) / 1000 << " s";
  return text.str();
}

// A database that is about to start is waited for; one that refuses us, or does not exist, is not.
Outcome<void> reach(Pool& pool, std::chrono::milliseconds patience, const std::stop_token& stop) {
  bool told = false;
  for (const Time end = in(patience);; pause(200ms, stop)) {
    const Outcome<Rows> answer = pool.query("SELECT 1", {}, std::max(end, in(1s)), stop);
    if (answer) return {};
    const auto kind = answer.error().kind;
    const bool passing = kind == Failure::Kind::Unavailable || kind == Failure::Kind::Timeout;
    if (!passing || stop.stop_requested() || std::chrono::steady_clock::now() >= end) return answer.error();
    if (!std::exchange(told, true)) logLine("waiting up to " + secondsText(patience) + " for the database: " + answer.error().message);
  }
}

Outcome<std::string> passwordOfUser() {
  if (const char* given = std::getenv("CACHEDECK_SAMPLE_PASSWORD"); given && *given) return std::string(given);
  const std::optional<std::string> token = randomToken();
  if (!token) return Failure{Failure::Kind::Unavailable, "The system gives no random bytes for a password."};
  return token->substr(0, 24);
}

struct Prepared {
  bool freshData = false;
  std::string madeUpPassword;
};

Outcome<Prepared> prepare(Pool& pool, const Options& options, const std::stop_token& stop) {
  Prepared prepared;
  if (const Outcome<void> reached = reach(pool, options.wait, stop); !reached) return reached.error();
  const Outcome<bool> fresh = seedDatabase(pool, options.rows, options.reseed, stop);
  if (!fresh) return fresh.error();
  prepared.freshData = *fresh;
  const Outcome<std::string> password = passwordOfUser();
  if (!password) return password.error();
  if (password->size() > 72) return Failure{Failure::Kind::Usage, "CACHEDECK_SAMPLE_PASSWORD is longer than 72 bytes, which is as much as bcrypt reads."};
  hideInLog(*password);
  if (!std::getenv("CACHEDECK_SAMPLE_PASSWORD") || !*std::getenv("CACHEDECK_SAMPLE_PASSWORD")) prepared.madeUpPassword = *password;
  if (const Outcome<void> kept = keepUser(pool, options.user, *password, stop); !kept) return kept.error();
  return prepared;
}

// Answers of other data would be served else.
void forgetAll(CacheAside& cache) {
  for (const std::string_view name : {"all-risks", "marketplace"})
    if (const auto patterns = cascadePatterns(name); patterns)
      if (const auto removed = cache.invalidate(*patterns); !removed) logLine("cache: " + removed.error().message);
}

void drain(HttpServer& server, Service& service, std::stop_source& work) {
  const int underWay = server.underWay();
  logLine("stopping: " + std::to_string(underWay) + (underWay == 1 ? " request is" : " requests are") + " under way");
  server.beginDrain();
  const bool answered = server.waitIdle(in(10s));
  work.request_stop();  // what still waits for the database gets 503
  service.stop();
  if (!answered) server.waitIdle(in(1s));
  if (server.stop()) return;
  // The library would abort the process instead.
  logLine("ended with requests under way");
  std::fflush(nullptr);
  _exit(0);
}

// Of descriptors: for PostgreSQL's connections, and one to Redis for each thread that may ask it (Service::Service), twice, as both are replaced
// before they are closed; and some for the rest.
int reserveOf(const Options& options) {
  const int threads = 2 * options.pool.maxOpen + 8 + options.threads + 4;
  return 64 + 2 * (options.pool.maxOpen + threads);
}

int failed(int code, const std::string& message) {
  logLine(message);
  return code;
}

}  // namespace

int runService(const Options& options, StopSignals& signals) {
  Outcome<ListenSocket> socket = ListenSocket::bind(options.host, options.port);
  if (!socket) return failed(1, socket.error().message);
  Outcome<std::unique_ptr<Pool>> pool = Pool::make(options.postgres, options.pool);
  if (!pool) return failed(2, pool.error().message);
  const Outcome<Prepared> prepared = prepare(**pool, options, signals.token());
  if (signals.token().stop_requested()) return 0;
  if (!prepared) return failed(3, prepared.error().message);

  const std::unique_ptr<Backend> backend = backendOf(options);
  CacheAside cache(*backend, options.classes);
  if (prepared->freshData) forgetAll(cache);

  std::stop_source work;
  std::unique_ptr<HttpServer> server;
  prometheus::Registry registry;
  HttpFigures http(registry, routeLabels());
  const LibraryFigures library(cache, **pool, {CACHEDECK_VERSION, options.cache, options.poolMode}, [&] { return server->underWay(); });
  const auto figures = [&] {
    std::vector<prometheus::MetricFamily> families = registry.Collect(), more = library.Collect();
    families.insert(families.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return prometheus::TextSerializer().Serialize(families);
  };
  Availability databaseThere("the database");
  Service service(cache, Database(**pool, databaseThere, options.queryCost, work.get_token()), http, figures);

  if (const Outcome<void> listening = socket->listen(); !listening) return failed(1, listening.error().message);
  const std::string address = socket->address();
  server = HttpServer::start({.threads = options.threads, .reserve = reserveOf(options)}, service);
  if (!server) return failed(1, "The HTTP server cannot start: there are not enough threads or file descriptors.");
  server->accept(std::move(*socket));
  if (!prepared->madeUpPassword.empty()) std::printf("login: %s / %s\n", options.user.c_str(), prepared->madeUpPassword.c_str());
  std::printf("listening on http://%s\n", address.c_str());
  std::fflush(stdout);

  signals.wait();
  drain(*server, service, work);
  (*pool)->shutdown(in(2s));
  return 0;
}

}  // namespace cachedeck::sample
