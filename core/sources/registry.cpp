// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_source.h"
#include "core/sources/prometheus/prometheus_source.h"
#include "core/sources/redis/redis_source.h"
#include "core/sources/source.h"

namespace cachedeck {

std::span<const SourceInfo> sourceRegistry() {
  static const SourceInfo rows[] = {redisSourceInfo(), postgresSourceInfo(), prometheusSourceInfo(), alertmanagerSourceInfo(),
                                    pushgatewaySourceInfo()};
  return rows;
}

const SourceInfo* findSource(const QString& id) {
  for (const SourceInfo& row : sourceRegistry())
    if (id == QLatin1String(row.id)) return &row;
  return nullptr;
}

}  // namespace cachedeck
