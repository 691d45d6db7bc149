// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alertmanager_client.h"
#include "core/snapshot/facts.h"
#include "core/sources/postgres/postgres_connection.h"
#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/redis/redis_connection.h"

#include <memory>
#include <optional>

namespace cachedeck::snapshot {

/// The connections that tables are asked over: each opened when the first one needs it, and again where an error closed it. One that does not open is not tried twice.
class FactLinks {
 public:
  FactLinks(const QMap<QString, SourceSettings>& sources, qint64 fromMs, qint64 toMs, std::stop_token stop, const FactOptions& options)
      : fromMs(fromMs), toMs(toMs), stop(std::move(stop)), options(options), m_sources(sources) {}

  const qint64 fromMs, toMs;
  const std::stop_token stop;
  const FactOptions options;

  Result<RedisConnection*> redis();
  /// A session that is read-only and has time limits.
  Result<PostgresConnection*> postgres();
  Result<PrometheusClient*> prometheus();
  Result<AlertmanagerClient*> alertmanager();

 private:
  SourceSettings settings(const char* source) const { return m_sources.value(QLatin1String(source)); }

  const QMap<QString, SourceSettings> m_sources;
  std::unique_ptr<RedisConnection> m_redis;
  std::unique_ptr<PostgresConnection> m_postgres;
  std::unique_ptr<PrometheusClient> m_prometheus;
  std::unique_ptr<AlertmanagerClient> m_alertmanager;
  std::optional<Error> m_redisRefusal, m_postgresRefusal;
};

}  // namespace cachedeck::snapshot
