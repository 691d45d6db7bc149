// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/exporters.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

constexpr ExporterKind kinds[] = {
    {"redis", "Redis", "redis_exporter", "redis_", "redis_up", "redis_scrape_error", 9121, "REDIS_ADDR, REDIS_USER and REDIS_PASSWORD in its environment", "redis_up_sent", "cache-connection"},
    {"postgres", "PostgreSQL", "postgres_exporter", "pg_", "pg_up", "pg_scrape_error", 9187, "DATA_SOURCE_NAME in its environment", "pg_up_sent", "database-connection"},
};

/// A target whose labels a series of the exporter has: one under another name and port.
bool tells(const PromTarget& target, const std::vector<PromSeries>& series) {
  return std::any_of(series.begin(), series.end(), [&](const PromSeries& one) {
    const auto same = [&](const QString& label) { return target.labels.value(label) == one.labels.value(label); };
    return same(QStringLiteral("job")) && same(QStringLiteral("instance"));
  });
}

bool isOne(const PromTarget& target, const PrometheusEvidence& prometheus, const ExporterKind& kind) { return isOfKind(target, kind) || tells(target, prometheus.answers.value(QLatin1String(kind.upSeries))); }

}  // namespace

std::span<const ExporterKind> exporterKinds() { return kinds; }

bool isOfKind(const PromTarget& target, const ExporterKind& kind) {
  const QString port = QStringLiteral(":%1/").arg(kind.port), word = QLatin1String(kind.id);
  return target.labels.value(QStringLiteral("job")).contains(word, Qt::CaseInsensitive) || target.pool.contains(word, Qt::CaseInsensitive) || target.scrapeUrl.contains(word, Qt::CaseInsensitive) ||
         target.scrapeUrl.contains(port);
}

bool isTarget(const PrometheusEvidence& prometheus, const ExporterKind& kind) {
  return std::any_of(prometheus.targets.begin(), prometheus.targets.end(), [&](const PromTarget& target) { return isOne(target, prometheus, kind); });
}

bool comesOtherwise(const PrometheusEvidence& prometheus, const ExporterKind& kind) {
  if (isTarget(prometheus, kind)) return false;
  if (!prometheus.hasTargets) return prometheus.present.contains(QLatin1String(kind.upSeries));
  // The time of the configuration is told to the second.
  return prometheus.loadedMs > 0 && 1000 * prometheus.one(kind.sentQuestion) > static_cast<double>(prometheus.loadedMs + 1000);
}

bool isScraped(const PrometheusEvidence& prometheus, const ExporterKind& kind) {
  return comesOtherwise(prometheus, kind) || std::any_of(prometheus.targets.begin(), prometheus.targets.end(), [&](const PromTarget& target) { return target.health == QLatin1String("up") && isOne(target, prometheus, kind); });
}

bool reachesItsServer(const PrometheusEvidence& prometheus, const ExporterKind& kind) {
  const std::vector<PromSeries> series = prometheus.answers.value(QLatin1String(kind.upSeries));
  return std::any_of(series.begin(), series.end(), [](const PromSeries& one) { return !one.points.empty() && one.points.back().second > 0; });
}

bool isWanted(const Evidence& evidence, const ExporterKind& kind) {
  return QLatin1String(kind.id) == QLatin1String("redis") ? evidence.redis.server.wanted : evidence.postgres.server.wanted;
}

}  // namespace cachedeck::doctor
