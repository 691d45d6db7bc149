// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/direct_target.h"

#include "core/sources/postgres/postgres_target.h"
#include "core/sources/redis/redis_options.h"

namespace cachedeck::runs {

Result<load::DirectTarget> directTarget(const QMap<QString, SourceSettings>& sources) {
  if (!sources.contains(QStringLiteral("redis")) || !sources.contains(QStringLiteral("postgres")))
    return fail(Error::Kind::Usage, QStringLiteral("This scenario reads through a Redis and a PostgreSQL: both have to be named."));
  load::DirectTarget direct;
  const Result<RedisOptions> redis = redisOptions(sources.value(QStringLiteral("redis")));
  if (!redis) return redis.error();
  if (redis->tls || !redis->masterName.isEmpty()) return fail(Error::Kind::Usage, QStringLiteral("The direct workload speaks to one Redis without TLS. Run it on a development system, or put load on the service (--url)."));
  direct.redisHost = (redis->socketPath.isEmpty() ? redis->host : redis->socketPath).toStdString();
  direct.redisPort = redis->port;
  direct.redisDatabase = redis->database;
  direct.redisUser = redis->user.toStdString();
  direct.redisPassword = redis->password.reveal().toStdString();
  const SourceSettings& settings = sources[QStringLiteral("postgres")];
  const Result<PostgresTarget> postgres = postgresTarget(settings);
  if (!postgres) return postgres.error();
  for (const auto& [keyword, value] : postgres->parameters) direct.postgres.emplace_back(keyword.toStdString(), value.toStdString());
  if (!postgres->places.empty()) {
    const PostgresPlace& place = postgres->places.front();
    direct.postgres.emplace_back("host", place.host.toStdString());
    if (!place.isSocket() && !place.address.isEmpty()) direct.postgres.emplace_back("hostaddr", place.address.toStdString());
    direct.postgres.emplace_back("port", place.port.toStdString());
  }
  if (const Secret password = settings.secrets.value(QStringLiteral("password")); !password.isEmpty()) direct.postgres.emplace_back("password", password.reveal().toStdString());
  return direct;
}

QString directAddress(const load::DirectTarget& direct) {
  const QString host = QString::fromStdString(direct.redisHost);
  const QString place = host.startsWith(QLatin1Char('/')) ? QStringLiteral("unix://") + host : QStringLiteral("redis://%1:%2").arg(host.contains(QLatin1Char(':')) ? QLatin1Char('[') + host + QLatin1Char(']') : host).arg(direct.redisPort);
  return direct.redisDatabase == 0 ? place : QStringLiteral("%1/%2").arg(place).arg(direct.redisDatabase);
}

}  // namespace cachedeck::runs
