// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/actors.h"

#include "core/sandbox/traffic/cache_link.h"
#include "core/sandbox/traffic/requests.h"
#include "core/sandbox/traffic/sql_link.h"
#include "core/sandbox/traffic/waves.h"

#include <QList>

#include <memory>
#include <vector>

namespace cachedeck::traffic {
namespace {

using Random = std::mt19937_64;

SqlLink::Login login(const TrafficTarget& target, const char* application) {
  return {target.postgresPort, target.user, target.password, target.database, application};
}

QByteArray number(int value) { return QByteArray::number(value); }

}  // namespace

void readRequests(const TrafficTarget& target, Random& random, std::stop_token stop) {
  CacheLink cache(target.redisPort, target.user, target.password);
  SqlLink database(login(target, "app"));
  while (!stop.stop_requested()) {
    const double t = trafficSeconds();
    const Request request = drawRequest(between(0, 1, random) < coldShare(t), random);
    if (!cache.get(request.key)) {
      const Result<QByteArray> rows = database.run(request.sql, request.parameters, stop);
      if (rows) cache.set(request.key, *rows, request.ttlSeconds);
      else nap(0.5, stop);  // the database is away: do not storm it
    }
    nap(between(0.5, 1.5, random) * readerThreads / readsPerSecond(t), stop);
  }
}

void writeRisks(const TrafficTarget& target, Random& random, std::stop_token stop) {
  CacheLink cache(target.redisPort, target.user, target.password);
  SqlLink database(login(target, "app"));
  static constexpr const char* states[] = {"open", "mitigating", "accepted", "closed"};
  for (int count = 1; !stop.stop_requested(); ++count) {
    nap(between(0.4, 1.6, random), stop);
    const QByteArray id = number(1 + zipfRank(300, random));
    if (!database.run("UPDATE risks SET status = $2, updated_at = now() WHERE id = $1", {id, states[random() % 4]}, stop)) continue;
    cache.invalidate("risk:id:" + id);
    if (count % 12 != 0) continue;
    for (const char* pattern : {"risk:list:*", "risk:search:*", "dashboard:*"}) cache.invalidate(pattern);
  }
}

void renderReports(const TrafficTarget& target, Random& random, std::stop_token stop) {
  CacheLink cache(target.redisPort, target.user, target.password);
  const QByteArray page(24 * 1024, 'r'), batchPage(96 * 1024, 'b');
  while (!stop.stop_requested()) {
    const double t = trafficSeconds();
    const bool batch = batchRuns(t);
    const QByteArray key = (batch ? "report:batch:" : "report:risk:") + number(static_cast<int>(random() % 100000));
    if (!cache.connected()) nap(0.5, stop);
    cache.set(key, batch ? batchPage : page, static_cast<int>(batch ? between(5, 12, random) : between(20, 45, random)));
    nap(between(0.5, 1.5, random) / (batch ? 160 : reportsPerSecond(t)), stop);
  }
}

void keepPool(const TrafficTarget& target, Random& random, std::stop_token stop) {
  std::vector<std::unique_ptr<SqlLink>> sessions;
  while (!stop.stop_requested()) {
    const auto wanted = static_cast<size_t>(pooledSessions(trafficSeconds()));
    if (sessions.size() > wanted) sessions.pop_back();
    if (sessions.size() < wanted) sessions.push_back(std::make_unique<SqlLink>(login(target, "app-pool")));
    if (!sessions.empty()) (void)sessions[random() % sessions.size()]->run("SELECT count(*) FROM connectors WHERE status = 'active'", {}, stop);
    nap(between(0.3, 0.7, random), stop);
  }
}

void editInTransactions(const TrafficTarget& target, Random& random, std::stop_token stop) {
  SqlLink database(login(target, "app-editor"));
  while (!stop.stop_requested()) {
    nap(between(0.5, 6, random), stop);
    const QByteArray id = number(9001 + static_cast<int>(random() % 4));
    const bool open = database.run("BEGIN", {}, stop) &&
                      database.run("SELECT id, title, status FROM risks WHERE id = $1 FOR UPDATE", {id}, stop);
    if (open) nap(between(0.4, 2.5, random), stop);
    if (open && database.run("UPDATE risks SET updated_at = now() WHERE id = $1", {id}, stop) && database.run("COMMIT", {}, stop)) continue;
    database.close();
  }
}

void exportSlowly(const TrafficTarget& target, Random& random, std::stop_token stop) {
  SqlLink database(login(target, "app-export"));
  while (!stop.stop_requested()) {
    (void)database.run("SELECT owner, count(*), avg(likelihood * impact) FROM risks, (SELECT pg_sleep($1::float8)) AS throttle GROUP BY owner",
                       {QByteArray::number(slowSeconds(trafficSeconds()))}, stop);
    nap(between(0.8, 2.5, random), stop);
  }
}

}  // namespace cachedeck::traffic
