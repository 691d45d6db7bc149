// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_links.h"

#include "core/sources/postgres/postgres_capabilities.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/redis/dial.h"

namespace cachedeck::snapshot {

namespace {

Result<void> openSession(PostgresConnection& connection, const std::stop_token& stop) {
  if (const Result<void> opened = connection.open(stop); !opened) return opened;
  const Result<PostgresRows> session = connection.query(sessionSql(), {}, Deadline(requestDeadline), stop);
  return session ? Result<void>() : Result<void>(session.error());
}

}  // namespace

Result<RedisConnection*> FactLinks::redis() {
  if (m_redisRefusal) return *m_redisRefusal;
  if (m_redis && m_redis->isOpen()) return m_redis.get();
  const Result<RedisOptions> where = redisOptions(settings("redis"));
  if (!where) return where.error();
  m_redis = std::make_unique<RedisConnection>(*where);
  if (const Result<void> opened = m_redis->open(stop); !opened) return *(m_redisRefusal = opened.error());
  return m_redis.get();
}

Result<PostgresConnection*> FactLinks::postgres() {
  if (m_postgresRefusal) return *m_postgresRefusal;
  if (m_postgres && m_postgres->isOpen()) return m_postgres.get();
  m_postgres = std::make_unique<PostgresConnection>(settings("postgres"));
  if (const Result<void> opened = openSession(*m_postgres, stop); !opened) return *(m_postgresRefusal = opened.error());
  return m_postgres.get();
}

Result<PrometheusClient*> FactLinks::prometheus() {
  if (m_prometheus) return m_prometheus.get();
  const Result<HttpSettings> http = httpSettings(settings("prometheus"), prometheusFields());
  if (!http) return http.error();
  m_prometheus = std::make_unique<PrometheusClient>(*http);
  return m_prometheus.get();
}

Result<AlertmanagerClient*> FactLinks::alertmanager() {
  if (m_alertmanager) return m_alertmanager.get();
  const Result<HttpSettings> http = httpSettings(settings("alertmanager"), alertmanagerFields());
  if (!http) return http.error();
  m_alertmanager = std::make_unique<AlertmanagerClient>(*http);
  return m_alertmanager.get();
}

}  // namespace cachedeck::snapshot
