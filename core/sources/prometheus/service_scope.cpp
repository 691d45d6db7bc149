// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/service_scope.h"

#include "core/base/text.h"
#include "core/sources/prometheus/selector.h"

#include <algorithm>

namespace cachedeck {

namespace {

const char* const everyInstance = "db_pool_max_open_connections{%1}";

Error several(const QStringList& jobs) {
  QStringList names;
  for (const QString& job : jobs.mid(0, 8)) names += QStringLiteral("job=") + promQuoted(printable(job, 80));
  if (jobs.size() > 8) names += QStringLiteral("…");
  return fail(Error::Kind::Usage, QStringLiteral("Prometheus scrapes %1 services: %2. Enter the labels of one in the profile's field “Service selector”.")
                                      .arg(jobs.size()).arg(names.join(QStringLiteral("; "))));
}

}  // namespace

Result<ServiceScope> findService(PrometheusClient& client, const QString& selector, qint64 lookbackSeconds, qint64 atMs,
                                 std::stop_token stop, std::chrono::milliseconds deadline) {
  const QString series = QLatin1String(everyInstance).arg(selector);
  const QString byJob = QStringLiteral("count by (job) (last_over_time(%1[%2s]))").arg(series).arg(std::max<qint64>(1, lookbackSeconds));
  const Result<PromResult> found = client.query(byJob, std::move(stop), atMs, deadline);
  if (!found) return found.error();
  if (found->series.empty())
    return fail(Error::Kind::NotFound, QStringLiteral("Prometheus at %1 has no series %2. Check the profile's field “Service selector”.")
                                           .arg(client.endpoint(), printable(series, 200)));
  ServiceScope scope{selector, {}};
  for (const PromSeries& job : found->series) scope.jobs += job.labels.value(QStringLiteral("job"));
  std::sort(scope.jobs.begin(), scope.jobs.end());
  if (!selector.isEmpty()) return scope;
  if (scope.jobs.size() > 1) return several(scope.jobs);
  scope.matchers = QStringLiteral("job=") + promQuoted(scope.jobs.first());
  return scope;
}

double scrapeIntervalOf(const std::vector<PromTarget>& targets, const QStringList& jobs) {
  double longest = 0;
  for (const PromTarget& target : targets)
    if (jobs.contains(target.labels.value(QStringLiteral("job")))) longest = std::max(longest, target.scrapeIntervalSeconds);
  return longest;
}

QString whileScraped(const QString& promql, const QString& matchers) {
  return QStringLiteral("(%1) and on() ").arg(promql) + QLatin1String(everyInstance).arg(matchers);
}

}  // namespace cachedeck
