// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/exporters.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

constexpr ExporterKind kinds[] = {
    {"redis", "Redis", "redis_exporter", "redis_", "redis_up", "redis_scrape_error", 9121, "REDIS_ADDR, REDIS_USER and REDIS_PASSWORD in its environment"},
    {"postgres", "PostgreSQL", "postgres_exporter", "pg_", "pg_up", "pg_scrape_error", 9187, "DATA_SOURCE_NAME in its environment"},
};

}  // namespace

std::span<const ExporterKind> exporterKinds() { return kinds; }

bool isOfKind(const PromTarget& target, const ExporterKind& kind) {
  const QString port = QStringLiteral(":%1/").arg(kind.port), word = QLatin1String(kind.id);
  return target.labels.value(QStringLiteral("job")).contains(word, Qt::CaseInsensitive) || target.pool.contains(word, Qt::CaseInsensitive) || target.scrapeUrl.contains(word, Qt::CaseInsensitive) ||
         target.scrapeUrl.contains(port);
}

bool isScraped(const PrometheusEvidence& prometheus, const ExporterKind& kind) {
  if (prometheus.present.contains(QLatin1String(kind.upSeries))) return true;
  return std::any_of(prometheus.targets.begin(), prometheus.targets.end(), [&](const PromTarget& target) { return target.health == QLatin1String("up") && isOfKind(target, kind); });
}

bool reachesItsServer(const PrometheusEvidence& prometheus, const ExporterKind& kind) {
  const std::vector<PromSeries> series = prometheus.answers.value(QLatin1String(kind.upSeries));
  return std::any_of(series.begin(), series.end(), [](const PromSeries& one) { return !one.points.empty() && one.points.back().second > 0; });
}

bool isWanted(const Evidence& evidence, const ExporterKind& kind) {
  return QLatin1String(kind.id) == QLatin1String("redis") ? evidence.redis.server.wanted : evidence.postgres.server.wanted;
}

}  // namespace cachedeck::doctor
