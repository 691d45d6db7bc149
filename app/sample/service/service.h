// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/figures/http_figures.h"
#include "app/sample/http/http_server.h"
#include "app/sample/service/credentials.h"
#include "app/sample/service/database.h"
#include "app/sample/service/keeper.h"
#include "app/sample/service/key_template.h"
#include "app/sample/service/risk_body.h"
#include "app/sample/service/route.h"
#include "app/sample/service/task_pool.h"
#include "core/cacheaside/cache_aside.h"

namespace cachedeck::sample {

/// What the requests do. Answers from the cache are given on the server's own thread; what may touch PostgreSQL
/// is done on threads of its own, so that a slow statement delays no hit.
class Service : public HttpHandler {
 public:
  using FiguresText = std::function<std::string()>;
  /// All parts must outlive this. `figures` gives the text of /metrics.
  Service(cacheaside::CacheAside& cache, Database database, HttpFigures& http, FiguresText figures);
  ~Service() override { stop(); }

  void handle(Exchange& exchange) override;
  void together() override;
  void left(Exchange& exchange) override;
  void answered(Exchange& exchange, int status) override;
  /// Carries out what waits; nothing is deferred afterwards.
  void stop();

 private:
  struct Prepared {
    const Route& route;
    KeyTemplate key;
    cacheaside::CacheAside::ClassId cacheClass;
  };
  struct Call {
    Exchange& exchange;
    const Prepared& prepared;
    std::string_view id;  // in the exchange's path
    const Route& route() const { return prepared.route; }
  };
  using Work = std::function<Reply(cacheaside::Time since)>;

  // service.cpp
  void carryOut(const Call& call);
  /// Answers by `work`, on one of the threads; it has its time from `since`.
  void later(Exchange& exchange, TaskPool& threads, Work work);
  void metrics(Exchange& exchange);
  // service_access.cpp
  bool admitted(const Call& call);
  void prove(const Call& call, std::string value, UserPassword given);
  void login(const Call& call);
  // service_read.cpp
  /// Reads that are looked up together, in one exchange with the cache.
  struct Reads {
    struct One {
      Exchange* exchange;
      const Prepared* prepared;
      Arguments arguments;
    };
    std::vector<One> list;
    std::vector<cacheaside::CacheAside::ClassId> classes;  // in the same order, as are the keys
    std::vector<std::string> keys;
    void add(const Call& call, std::string key, Arguments arguments);
  };
  static Reads& gathered();
  void read(const Call& call);
  void lookUp(Reads reads);
  void compute(const Reads::One& read, const std::string& key, std::uint64_t ticket);
  // service_write.cpp
  void createRisk(const Call& call);
  void replaceRisk(const Call& call);
  void deleteRisk(const Call& call);
  void invalidate(const Call& call);
  Reply invalidateNow(cacheaside::Time since, const std::string& cascade, const std::vector<std::string>& patterns);
  Database::Changed change(cacheaside::Time since, const char* sql, const std::vector<cacheaside::Parameter>& parameters, const std::string& id);
  void cascade(cacheaside::Time since, std::string_view name, const std::string& id, int doubtful);
  // service_health.cpp
  void health(Exchange& exchange);
  void answerHealth();
  void answerHealthAsked(const Reply& reply);
  Reply checkHealth() const;

  cacheaside::CacheAside& m_cache;
  const Database m_database;
  HttpFigures& m_http;
  const FiguresText m_figures;
  std::vector<Prepared> m_prepared;  // one for each of routes()
  CredentialTable m_tokens, m_basics;
  Keeper m_keeper;
  std::mutex m_healthMutex;
  std::vector<Exchange*> m_healthAsked;  // one check serves all who ask while it runs
  TaskPool m_work;
  TaskPool m_side;  // health, of which there is one check at a time, and figures answer when all the others wait for the database
};

/// 400 that names the parameter.
Reply badParameter(const BadParameter& bad);

}  // namespace cachedeck::sample
