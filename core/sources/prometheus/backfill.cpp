// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/backfill.h"

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/metrics/metric.h"
#include "core/sources/prometheus/selector.h"
#include "core/sources/prometheus/service_scope.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace cachedeck {

namespace {

constexpr qint64 day = 24 * 3600 * 1000LL;

/// The metric by which an exporter says that it reaches its server.
struct Exporter {
  QLatin1String source;
  QLatin1String up;
  const char* title;
  const char* field;
};
const Exporter exporters[] = {{QLatin1String("redis"), QLatin1String("redis_up"), "Redis", "Redis selector"},
                              {QLatin1String("postgres"), QLatin1String("pg_up"), "PostgreSQL", "PostgreSQL selector"}};

QString named(const PromLabels& labels) {
  QStringList parts;
  for (const char* key : {"job", "instance", "cluster", "replica"})
    if (const QString value = labels.value(QLatin1String(key)); !value.isEmpty())
      parts += QLatin1String(key) + QLatin1Char('=') + promQuoted(printable(value, 80));
  return parts.join(QLatin1Char(','));
}

Error several(const Exporter& exporter, const std::vector<PromSeries>& series) {
  QStringList names;
  for (const PromSeries& one : series)
    if (names.size() < 8) names += named(one.labels);
  if (series.size() > 8) names += QStringLiteral("…");
  return fail(Error::Kind::Usage,
              QStringLiteral("Prometheus watches %1 %2 servers that match: %3. Enter the labels of one in the profile's field “%4”.")
                  .arg(series.size()).arg(QLatin1String(exporter.title), names.join(QStringLiteral("; ")), QLatin1String(exporter.field)));
}

/// The labels of the one server that matches: looked for now, then in the whole range, since an exporter may just be down.
Result<PromLabels> theServer(PrometheusClient& client, const Exporter& exporter, const QString& selector, qint64 fromMs,
                             qint64 toMs, std::stop_token stop) {
  const QString series = QStringLiteral("%1{%2}").arg(exporter.up, selector);
  const QString earlier = QStringLiteral("last_over_time(%1[%2s])").arg(series).arg(std::max<qint64>(1, (toMs - fromMs) / 1000));
  for (const QString& expression : {series, earlier}) {
    const Result<PromResult> found = client.query(expression, stop, toMs);
    if (!found) return found.error();
    if (found->series.size() > 1) return several(exporter, found->series);
    if (found->series.size() == 1) return found->series.front().labels;
  }
  return fail(Error::Kind::NotFound, QStringLiteral("Prometheus at %1 has no series %2. Check that the %3 exporter is scraped, and the field “%4”.")
                                         .arg(client.endpoint(), printable(series), QLatin1String(exporter.title), QLatin1String(exporter.field)));
}

/// The given matchers, narrowed to the server that was found, so that its predecessors are not summed with it.
QString narrowed(const QString& selector, const PromLabels& server) {
  QStringList parts;
  if (!selector.isEmpty()) parts += selector;
  for (const char* key : {"instance", "job"})
    parts += QLatin1String(key) + QLatin1Char('=') + promQuoted(server.value(QLatin1String(key)));
  return parts.join(QLatin1Char(','));
}

/// What is asked for the history of one source.
struct Scope {
  QString matchers;
  double scrapeSeconds = 0;  // 0 where the server does not tell
  bool isService = false;
  /// Four scrapes, so that a rate survives a lost one, and at least a minute.
  qint64 windowSeconds() const { return std::max<qint64>(60, static_cast<qint64>(std::ceil(4 * scrapeSeconds))); }
  QString expression(const MetricInfo& metric) const {
    const QString filled = filledPromql(QLatin1String(metric.promql), matchers, windowSeconds());
    return isService ? whileScraped(filled, matchers) : filled;
  }
};

// Mimir and Thanos list no targets.
std::vector<PromTarget> targetsOf(PrometheusClient& client, std::stop_token stop) {
  Result<std::vector<PromTarget>> targets = client.targets(std::move(stop));
  return targets ? std::move(targets).value() : std::vector<PromTarget>{};
}

Result<Scope> serverScope(PrometheusClient& client, const Exporter& exporter, const QString& selector, qint64 fromMs, qint64 toMs,
                          std::stop_token stop) {
  const Result<PromLabels> server = theServer(client, exporter, selector, fromMs, toMs, stop);
  if (!server) return server.error();
  Scope scope{narrowed(selector, *server)};
  for (const PromTarget& target : targetsOf(client, stop))
    if (target.labels.value(QStringLiteral("instance")) == server->value(QStringLiteral("instance")) &&
        target.labels.value(QStringLiteral("job")) == server->value(QStringLiteral("job")))
      scope.scrapeSeconds = target.scrapeIntervalSeconds;
  return scope;
}

/// The service: the one of the last hour, else the one of the whole range, in which it may have had other names.
Result<Scope> serviceScope(PrometheusClient& client, const QString& selector, qint64 fromMs, qint64 toMs, std::stop_token stop) {
  const qint64 range = (toMs - fromMs) / 1000;
  Result<ServiceScope> service = findService(client, selector, std::min<qint64>(3600, range), toMs, stop);
  if (!service && service.error().kind == Error::Kind::NotFound) service = findService(client, selector, range, toMs, stop);
  if (!service) return service.error();
  return Scope{service->matchers, scrapeIntervalOf(targetsOf(client, stop), service->jobs), true};
}

using Table = std::map<qint64, BackfillRow>;

void merge(Table* table, QLatin1String metric, const PromResult& result) {
  if (result.series.empty()) return;
  for (const auto& [seconds, value] : result.series.front().points) {
    if (!std::isfinite(value)) continue;
    const qint64 wallMs = std::llround(seconds * 1000);
    BackfillRow& row = (*table)[wallMs];
    row.wallMs = wallMs;
    row.values.emplace_back(metric, value);
  }
}

}  // namespace

qint64 backfillStepMs(qint64 fromMs, qint64 toMs, qint64 stepMs) {
  return std::max({stepMs, pastStepMs, (toMs - fromMs + 4999) / 5000});
}

std::span<const PastPart> pastParts() {
  static constexpr PastPart parts[] = {{QLatin1String("redis"), QLatin1String("redis"), "Redis"},
                                       {QLatin1String("postgres"), QLatin1String("postgres"), "PostgreSQL"},
                                       {QLatin1String("app"), QLatin1String("prometheus"), "the service"}};
  return parts;
}

qint64 pastGapMs(qint64 fromMs, qint64 toMs) { return 2 * backfillStepMs(fromMs, toMs, pastStepMs) + pastStepMs / 2; }

Result<std::vector<BackfillRow>> fetchHistory(PrometheusClient& client, const QString& sourceId, const QString& selector,
                                              qint64 fromMs, qint64 toMs, qint64 stepMs, std::stop_token stop) {
  const bool isService = sourceId == QLatin1String("app");
  const auto* exporter = std::find_if(std::begin(exporters), std::end(exporters), [&](const Exporter& e) { return e.source == sourceId; });
  if ((!isService && exporter == std::end(exporters)) || toMs <= fromMs)
    return fail(Error::Kind::Usage, QStringLiteral("History can be fetched for redis, postgres and app, from a time to a later one."));
  const Result<QString> matchers = normalizedSelector(selector);
  if (!matchers) return matchers.error();
  const qint64 step = backfillStepMs(std::max(fromMs, toMs - day), toMs, stepMs);
  // On a grid of whole steps, so that asking again gives the same times.
  const qint64 start = (std::max(fromMs, toMs - day) + step - 1) / step * step;
  if (start > toMs) return std::vector<BackfillRow>{};

  const Result<Scope> scope = isService ? serviceScope(client, *matchers, start, toMs, stop)
                                        : serverScope(client, *exporter, *matchers, start, toMs, stop);
  if (!scope) return scope.error();
  const QByteArray prefix = sourceId.toLatin1() + '.';
  Table table;
  std::optional<Error> refusal;
  for (const MetricInfo& metric : metricCatalog()) {
    if (!metric.id.startsWith(QLatin1String(prefix)) || *metric.promql == '\0') continue;
    const Result<PromResult> result = client.queryRange(scope->expression(metric), start, toMs, step, stop);
    if (result) {
      merge(&table, metric.id, *result);
      continue;
    }
    if (result.error().kind != Error::Kind::Server) return result.error();
    // One expression that fails there does not cost the others.
    qCInfo(lcSource).noquote() << "history of" << metric.id << "left out:" << result.error().message;
    refusal = result.error();
  }
  if (table.empty() && refusal) return *refusal;
  std::vector<BackfillRow> rows;
  rows.reserve(table.size());
  for (auto& [wallMs, row] : table) rows.push_back(std::move(row));
  return rows;
}

}  // namespace cachedeck
