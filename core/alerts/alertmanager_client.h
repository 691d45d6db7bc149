// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alert_groups.h"
#include "core/alerts/alertmanager_json.h"
#include "core/alerts/notification_counters.h"
#include "core/sources/http/http_client.h"

namespace cachedeck {

/// The v2 API of Alertmanager (0.16 and later). Blocking, on one thread at a time.
class AlertmanagerClient {
 public:
  explicit AlertmanagerClient(HttpSettings settings) : m_http(std::move(settings)) {}

  /// `filter`: matchers ("alertname=\"X\""); empty: all.
  Result<QList<ManagedAlert>> alerts(const QString& filter, std::stop_token stop);
  Result<QList<Silence>> silences(std::stop_token stop);
  Result<QStringList> receivers(std::stop_token stop);
  Result<ManagerStatus> status(std::stop_token stop);
  /// Makes it, or changes the one of its id; gives the id. Usage error without a matcher that has a value, an author and a comment, or for times that end before they begin.
  Result<QString> silence(const Silence& silence, std::stop_token stop);
  Result<void> expire(const QString& id, std::stop_token stop);
  /// Posts one alert; `endsAtMs` in the past resolves it.
  Result<void> post(const PromLabels& labels, const PromLabels& annotations, qint64 startsAtMs, qint64 endsAtMs, std::stop_token stop);
  Result<QList<AlertGroup>> groups(std::stop_token stop);
  Result<NotificationCounters> notifications(std::stop_token stop);

  QString endpoint() const { return m_http.endpoint(); }
  void close() { m_http.close(); }

 private:
  Result<QJsonDocument> ask(const QString& path, const HttpQuery& query, std::stop_token stop);
  Result<QJsonArray> list(const QString& path, const HttpQuery& query, std::stop_token stop);
  Result<HttpResponse> send(const QString& path, const QJsonDocument& body, std::stop_token stop);
  HttpClient m_http;
};

}  // namespace cachedeck
