// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/service_figures.h"

#include "core/sources/prometheus/selector.h"
#include "core/sources/prometheus/service_scope.h"
#include "core/sources/prometheus/target_text.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

// The source is asked each second and counts as silent after a little more than two: a slow query must end before.
constexpr std::chrono::milliseconds patience{700};  // of each of the two questions of one sample
// A service that went less than this ago is remembered, so that another is not taken for it.
constexpr qint64 rememberedSeconds = 3600;
// Four scrapes, so that a rate survives a lost one; shorter ones jump. Where nobody tells the interval, a minute will do.
constexpr qint64 shortestWindow = 8, usualWindow = 60;

qint64 windowSeconds(const std::vector<PromTarget>* targets, const QStringList& jobs) {
  const double interval = targets ? scrapeIntervalOf(*targets, jobs) : 0;
  return interval > 0 ? std::max(shortestWindow, static_cast<qint64>(std::ceil(4 * interval))) : usualWindow;
}

/// Why the service has no current figures, as far as Prometheus tells.
QString awayNote(const std::vector<PromTarget>* targets, const QStringList& jobs) {
  if (targets)
    for (const PromTarget& target : *targets)
      if (target.health == QLatin1String("down") && jobs.contains(target.labels.value(QStringLiteral("job"))))
        return QStringLiteral("The service's figures stopped: Prometheus cannot scrape %1. %2").arg(targetName(target), scrapeError(target));
  return QStringLiteral("The service's figures stopped: Prometheus has no current series of it. It is down, or no longer scraped.");
}

/// Every metric of the service as one vector, told apart by a label.
QString everyMetric(const QString& matchers, qint64 window) {
  QStringList parts;
  for (const MetricInfo& metric : metricCatalog())
    if (metric.id.startsWith(QLatin1String("app.")) && *metric.promql != '\0')
      parts += QStringLiteral("label_replace(%1,\"cachedeck_metric\",\"%2\",\"\",\"\")")
                   .arg(filledPromql(QLatin1String(metric.promql), matchers, window), metric.id);
  return whileScraped(parts.join(QStringLiteral(" or ")), matchers);
}

}  // namespace

ServiceFigures::ServiceFigures(const QString& selector) : m_selector(normalizedSelector(selector)) {}

void ServiceFigures::leaveOut(const Error& error) {
  m_expression.clear();
  if (!error.isCancelled()) m_note = QStringLiteral("The service's figures are left out. %1").arg(error.message);
}

void ServiceFigures::find(PrometheusClient& client, const std::vector<PromTarget>* targets, const std::stop_token& stop) {
  m_expression.clear();
  m_note.clear();
  if (!m_selector) return leaveOut(m_selector.error());
  const Result<ServiceScope> service = findService(client, *m_selector, rememberedSeconds, 0, stop, patience);
  if (service) {
    m_expression = everyMetric(service->matchers, windowSeconds(targets, service->jobs));
    m_away = awayNote(targets, service->jobs);
  } else if (service.error().kind != Error::Kind::NotFound || !m_selector->isEmpty())
    leaveOut(service.error());
}

void ServiceFigures::addTo(Sample* sample, PrometheusClient& client, const std::stop_token& stop) {
  if (!m_expression.isEmpty()) {
    const Result<PromResult> figures = client.query(m_expression, stop, 0, patience);
    if (!figures) leaveOut(figures.error());  // until find() comes again: a server in trouble is not asked each second
    else if (figures->series.empty()) sample->notes += m_away;
    else
      for (const PromSeries& one : figures->series) {
        const QByteArray id = one.labels.value(QStringLiteral("cachedeck_metric")).toLatin1();
        const MetricInfo* metric = findMetric(QLatin1String(id));
        if (metric && !one.points.empty() && std::isfinite(one.points.front().second))
          sample->values.emplace_back(metric->id, one.points.front().second);
      }
  }
  if (!m_note.isEmpty()) sample->notes += m_note;
}

}  // namespace cachedeck
