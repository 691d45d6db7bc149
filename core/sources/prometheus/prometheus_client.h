// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/http/http_client.h"
#include "core/sources/prometheus/prometheus_json.h"

#include <QDateTime>

namespace cachedeck {

/// The HTTP API of Prometheus, which Thanos, Mimir and VictoriaMetrics answer too. Blocking, on one thread at a time.
class PrometheusClient {
 public:
  explicit PrometheusClient(HttpSettings settings) : m_http(std::move(settings)) {}

  /// The value of `query` now, or at `atMs` (milliseconds since the epoch). A zero `deadline` means that of the settings.
  Result<PromResult> query(const QString& query, std::stop_token stop, qint64 atMs = 0, std::chrono::milliseconds deadline = {});
  /// Values from `fromMs` to `toMs` each `stepMs`; the step is widened so that no series has more than 11,000 points,
  /// which is Prometheus's own limit. A missing time is a gap.
  Result<PromResult> queryRange(const QString& query, qint64 fromMs, qint64 toMs, qint64 stepMs, std::stop_token stop);
  Result<std::vector<PromTarget>> targets(std::stop_token stop);
  Result<std::vector<PromAlert>> alerts(std::stop_token stop);
  Result<std::vector<PromRuleGroup>> rules(std::stop_token stop);
  /// The names of all metrics, sorted, at most `most`; for completion.
  Result<QStringList> metricNames(std::stop_token stop, qsizetype most = 20000);
  /// For completion, as metricNames(): what the labels of the series that any of `selectors` picks are called, of all series without one.
  /// Only of series that were there since `fromMs`; a name that a query would have to quote is left out.
  Result<QStringList> labelNames(const QStringList& selectors, qint64 fromMs, std::stop_token stop, qsizetype most = 500);
  /// The values that one of them has there, each exactly as it is: what cannot be shown plainly, or is too long, is left out.
  Result<QStringList> labelValues(const QString& label, const QStringList& selectors, qint64 fromMs, std::stop_token stop, qsizetype most = 1000);
  /// Who answers; a server without this page is "Prometheus API" without a version, not an error.
  Result<PromBuild> build(std::stop_token stop);

  void close() { m_http.close(); }
  QString endpoint() const { return m_http.endpoint(); }

 private:
  Result<PromAnswer> ask(const QString& path, const HttpQuery& query, std::stop_token stop,
                         std::chrono::milliseconds deadline = {});
  Result<PromResult> evaluate(const QString& path, const HttpQuery& query, std::stop_token stop,
                              std::chrono::milliseconds deadline = {});

  Result<QJsonValue> askLabels(const QString& path, const QStringList& selectors, qint64 fromMs, qsizetype most, std::stop_token stop);

  HttpClient m_http;
};

}  // namespace cachedeck
