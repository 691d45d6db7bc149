// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/actors.h"

#include "core/cacheaside/pg_connection.h"
#include "core/cacheaside/redis_backend.h"
#include "core/sandbox/traffic/pg_login.h"
#include "core/sandbox/traffic/requests.h"
#include "core/sandbox/traffic/service_user.h"
#include "core/sandbox/traffic/waves.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <utility>

namespace cachedeck::traffic {

using namespace std::chrono_literals;
using cacheaside::in;
using cacheaside::Parameter;
using cacheaside::PgConnection;
using cacheaside::RedisBackend;
using cacheaside::RedisSettings;

namespace {

using Random = std::mt19937_64;

RedisSettings redisOf(const TrafficTarget& target) {
  RedisSettings settings;
  settings.port = target.redisPort;
  settings.user = target.user.toStdString();
  settings.password = target.password.toStdString();
  settings.connectTimeout = settings.commandTimeout = 1s;
  return settings;
}

/// One connection to PostgreSQL, opened when first needed and after each loss.
class Database {
 public:
  Database(const TrafficTarget& target, const char* application)
      : m_conninfo(conninfo({target.postgresPort, target.user, target.password, target.database, application})) {}

  /// Null while the server is away; good until the next call.
  PgConnection* connection(const std::stop_token& stop) {
    if (m_connection && m_connection->usable()) return m_connection.get();
    auto opened = PgConnection::open(m_conninfo, in(2s), stop);
    m_connection = opened ? std::move(*opened) : nullptr;
    return m_connection.get();
  }
  void close() { m_connection.reset(); }

 private:
  const std::string m_conninfo;
  std::unique_ptr<PgConnection> m_connection;
};

constexpr auto patience = 20s;  // for a statement

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
  RedisBackend cache(redisOf(target));
  const std::string page(24 * 1024, 'r'), batchPage(96 * 1024, 'b');
  while (!stop.stop_requested()) {
    const double t = trafficSeconds();
    const bool batch = batchRuns(t);
    const std::string key = (batch ? "report:batch:" : "report:risk:") + std::to_string(random() % 100000);
    if (!cache.available()) nap(0.5, stop);
    const std::chrono::seconds ttl(static_cast<int>(batch ? between(5, 12, random) : between(20, 45, random)));
    (void)cache.set(key, batch ? batchPage : page, ttl);
    nap(between(0.5, 1.5, random) / (batch ? 80 : reportsPerSecond(t)), stop);
  }
}

void editInTransactions(const TrafficTarget& target, Random& random, std::stop_token stop) {
  Database database(target, "app-editor");
  while (!stop.stop_requested()) {
    nap(between(0.5, 6, random), stop);
    const std::array<Parameter, 1> id{std::to_string(9001 + random() % 4)};
    PgConnection* const link = database.connection(stop);
    if (!link) continue;
    const bool open = link->script("BEGIN", in(patience), stop) &&
                      link->query("SELECT id, title, status FROM risks WHERE id = $1 FOR UPDATE", id, in(patience), stop);
    if (open) nap(between(0.4, 2.5, random), stop);
    if (open && link->query("UPDATE risks SET updated_at = now() WHERE id = $1", id, in(patience), stop) &&
        link->script("COMMIT", in(patience), stop))
      continue;
    database.close();
  }
}

void exportSlowly(const TrafficTarget& target, Random& random, std::stop_token stop) {
  Database database(target, "app-export");
  while (!stop.stop_requested()) {
    const std::array<Parameter, 1> seconds{QByteArray::number(slowSeconds(trafficSeconds())).toStdString()};
    if (PgConnection* const link = database.connection(stop))
      (void)link->query("SELECT owner, count(*), avg(likelihood * impact) FROM risks, (SELECT pg_sleep($1::float8)) AS throttle GROUP BY owner",
                        seconds, in(patience), stop);
    nap(between(0.8, 2.5, random), stop);
  }
}

}  // namespace cachedeck::traffic
