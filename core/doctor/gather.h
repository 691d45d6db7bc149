// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/doctor/doctor.h"
#include "core/doctor/evidence.h"
#include "core/sources/http/http_client.h"
#include "core/sources/redis/redis_connection.h"

#include <memory>

namespace cachedeck::doctor {

/// An examination under way: what is asked, and what was looked at or could not be.
struct Examination {
  const QMap<QString, SourceSettings>& sources;
  const Options& options;
  const Clock& clock;
  const std::stop_token& stop;
  QStringList looked, missing;

  qint64 nowMs() const { return clock.now().wallMs; }
  void miss(const QString& what, const Error& error);
};

Evidence gather(Examination& examination);

/// Two looks at Redis over one connection.
class RedisLooks {
 public:
  explicit RedisLooks(Examination& examination) : m_examination(examination) {}
  RedisEvidence first(const SourceSettings& settings);
  /// The second look, when `watchFor` has passed since the first.
  void second(RedisEvidence& evidence);

 private:
  Result<void> open(const SourceSettings& settings, RedisEvidence& evidence);
  Result<void> follow(const RedisOptions& primary);
  Result<RedisInfo> info();
  void askConfig(RedisEvidence& evidence);
  /// Counts an answer that refuses; what is not known for lack of a right goes to what was not looked at.
  bool isRefused(const Reply& reply, RedisEvidence& evidence, const char* what, const char* right);
  void askClock(RedisEvidence& evidence);
  void sampleNames(RedisEvidence& evidence);

  Examination& m_examination;
  std::unique_ptr<RedisConnection> m_redis;
  Instant m_lookedAt;
};

PostgresEvidence gatherPostgres(Examination& examination, const SourceSettings& settings);
PrometheusEvidence gatherPrometheus(Examination& examination, const SourceSettings& settings);
AlertmanagerEvidence gatherAlertmanager(Examination& examination, const SourceSettings& settings);
Server gatherPushgateway(Examination& examination, const SourceSettings& settings);
ServiceEvidence gatherService(Examination& examination);
/// Looks at the usual addresses for exporters that are no targets.
QList<ExporterProbe> probeExporters(Examination& examination, const Evidence& evidence);

/// GET; its time tells the server's clock, which is put into `server` where none is yet.
Result<HttpResponse> askHttp(Examination& examination, HttpClient& client, const QString& path, Server* server, const HttpQuery& query = {});

}  // namespace cachedeck::doctor
