// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/actors.h"

#include "core/sandbox/traffic/cache_link.h"
#include "core/sandbox/traffic/requests.h"
#include "core/sandbox/traffic/service_user.h"
#include "core/sandbox/traffic/sql_link.h"
#include "core/sandbox/traffic/waves.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QList>

#include <algorithm>
#include <utility>

namespace cachedeck::traffic {
namespace {

using Random = std::mt19937_64;

SqlLink::Login login(const TrafficTarget& target, const char* application) {
  return {target.postgresPort, target.user, target.password, target.database, application};
}

QByteArray number(int value) { return QByteArray::number(value); }

qint64 idOf(const QByteArray& risk) { return QJsonDocument::fromJson(risk).object().value(QStringLiteral("id")).toInteger(); }

}  // namespace

void readRequests(const TrafficTarget& target, Random& random, std::stop_token stop) {
  ServiceUser user(target);
  for (double due = trafficSeconds(); !stop.stop_requested();) {
    const double t = trafficSeconds();
    const std::optional<Reply> reply = user.ask(drawRequest(between(0, 1, random) < coldShare(t), random), stop);
    if (!reply || reply->status >= 500) nap(0.5, stop);  // something is away: do not storm it
    // Due times, so that slow answers do not lower the rate; what an outage kept back is not made up for.
    due = std::max(due + between(0.5, 1.5, random) * readerThreads / readsPerSecond(t), trafficSeconds() - 1);
    nap(due - trafficSeconds(), stop);
  }
}

void writeRisks(const TrafficTarget& target, Random& random, std::stop_token stop) {
  ServiceUser user(target);
  qint64 created = 0;  // the risk that was created and not deleted yet
  while (!stop.stop_requested()) {
    nap(between(6, 16, random), stop);
    if (batchRuns(trafficSeconds())) continue;  // a write removes report:*, and the batch would not fill the cache
    if (created == 0 && random() % 4 == 0) {
      if (const auto reply = user.ask(createRisk(random), stop); reply && reply->status == 201) created = idOf(reply->body);
    } else if (created != 0 && random() % 3 == 0) {
      (void)user.ask(deleteRisk(std::exchange(created, 0)), stop);
    } else {
      (void)user.ask(changeRisk(random), stop);
    }
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
