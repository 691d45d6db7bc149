// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/exporters.h"
#include "core/doctor/gather.h"
#include "core/doctor/words.h"
#include "core/sources/http/http_errors.h"
#include "core/sources/prometheus/prometheus_fields.h"

namespace cachedeck::doctor {

namespace {

// A look at a place where there may be nothing.
constexpr std::chrono::milliseconds probePatience{1500};

QString addressOf(const Examination& examination, const Evidence& evidence, const ExporterKind& kind) {
  const QString id = QLatin1String(kind.id), given = examination.options.exporters.value(id);
  if (!given.isEmpty()) return given;
  const QString host = id == QLatin1String("redis") ? evidence.redis.host : evidence.postgres.host;
  if (host.isEmpty() || host.contains(QLatin1Char(','))) return {};
  return (host.contains(QLatin1Char(':')) ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(host).arg(kind.port);
}

}  // namespace

Server gatherPushgateway(Examination& examination, const SourceSettings& settings) {
  Server server;
  server.wanted = true;
  const Result<HttpSettings> http = httpSettings(settings, pushgatewayFields());
  if (!http) {
    server.error = http.error();
    return server;
  }
  server.endpoint = endpointOf(http->base);
  HttpClient client(*http);
  const QString path = QStringLiteral("/-/ready");
  const Result<HttpResponse> response = askHttp(examination, client, path, &server);
  if (!response) server.error = response.error();
  else if (response->status != 200) server.error = statusError(*http, *response, path);
  else examination.looked += QStringLiteral("Pushgateway at %1").arg(server.endpoint);
  return server;
}

ServiceEvidence gatherService(Examination& examination) {
  ServiceEvidence evidence;
  if (examination.options.serviceUrl.isEmpty()) return evidence;
  evidence.server.wanted = true;
  const Result<SourceSettings> settings = httpSettingsFromUrl(examination.options.serviceUrl);
  const Result<HttpSettings> http = settings ? httpSettings(*settings, pushgatewayFields()) : Result<HttpSettings>(settings.error());
  if (!http) {
    evidence.server.error = http.error();
    return evidence;
  }
  evidence.server.endpoint = endpointOf(http->base);
  HttpClient client(*http);
  const Result<HttpResponse> response = askHttp(examination, client, QStringLiteral("/health"), &evidence.server);
  if (!response) {
    evidence.server.error = response.error();
    return evidence;
  }
  examination.looked += QStringLiteral("the service at %1").arg(evidence.server.endpoint);
  // A service without this page says nothing of its health.
  if (response->status == 404) {
    examination.missing += QStringLiteral("The service at %1 has no /health, so that its own view is not known.").arg(evidence.server.endpoint);
    return evidence;
  }
  evidence.status = response->status;
  if (isJson(*response)) evidence.health = QJsonDocument::fromJson(response->body).object();
  return evidence;
}

QList<ExporterProbe> probeExporters(Examination& examination, const Evidence& evidence) {
  QList<ExporterProbe> probes;
  if (!evidence.prometheus.server.reached() || !evidence.prometheus.hasTargets) return probes;
  for (const ExporterKind& kind : exporterKinds()) {
    const QString address = isWanted(evidence, kind) && !isTarget(evidence.prometheus, kind) && !comesOtherwise(evidence.prometheus, kind) ? addressOf(examination, evidence, kind) : QString();
    if (address.isEmpty()) continue;
    HttpSettings http;
    http.base = QUrl(QStringLiteral("http://") + address);
    if (!http.base.isValid()) continue;
    HttpClient client(http);
    const Result<HttpResponse> response = client.get(QStringLiteral("/metrics"), {}, examination.stop, probePatience);
    probes.append({QLatin1String(kind.id), address, response && response->status == 200 && response->body.contains(kind.upSeries)});
  }
  return probes;
}

}  // namespace cachedeck::doctor
