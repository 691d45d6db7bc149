// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/gather.h"

#include "core/doctor/words.h"

namespace cachedeck::doctor {

void Examination::miss(const QString& what, const Error& error) {
  if (!error.isCancelled()) missing += QStringLiteral("%1: %2").arg(what, said(error));
}

Result<HttpResponse> askHttp(Examination& examination, HttpClient& client, const QString& path, Server* server, const HttpQuery& query) {
  const qint64 before = examination.nowMs();
  const Result<HttpResponse> response = client.get(path, query, examination.stop);
  const qint64 after = examination.nowMs();
  if (response && response->dateMs > 0 && server && std::isnan(server->skewSeconds)) {
    // The server wrote whole seconds, at some moment between both.
    server->skewSeconds = static_cast<double>(response->dateMs + 500 - (before + after) / 2) / 1000;
    server->skewWithin = 0.5 + static_cast<double>(after - before) / 2000;
  }
  return response;
}

Evidence gather(Examination& examination) {
  Evidence evidence;
  RedisLooks redis(examination);
  const auto each = [&examination](const char* source, const auto& ask) {
    const auto settings = examination.sources.find(QLatin1String(source));
    if (settings != examination.sources.end() && !examination.stop.stop_requested()) ask(*settings);
  };
  each("redis", [&](const SourceSettings& settings) { evidence.redis = redis.first(settings); });
  each("postgres", [&](const SourceSettings& settings) { evidence.postgres = gatherPostgres(examination, settings); });
  each("prometheus", [&](const SourceSettings& settings) { evidence.prometheus = gatherPrometheus(examination, settings); });
  each("alertmanager", [&](const SourceSettings& settings) { evidence.alertmanager = gatherAlertmanager(examination, settings); });
  each("pushgateway", [&](const SourceSettings& settings) { evidence.pushgateway = gatherPushgateway(examination, settings); });
  if (!examination.stop.stop_requested()) evidence.service = gatherService(examination);
  if (!examination.stop.stop_requested()) evidence.probes = probeExporters(examination, evidence);
  redis.second(evidence.redis);
  return evidence;
}

}  // namespace cachedeck::doctor
