// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/gather.h"
#include "core/doctor/words.h"
#include "core/sources/http/http_errors.h"
#include "core/sources/prometheus/prometheus_fields.h"

#include <QJsonArray>
#include <QJsonObject>

namespace cachedeck::doctor {

namespace {

constexpr qsizetype mostAlerts = 2000;

Result<QJsonDocument> document(Examination& examination, HttpClient& client, const QString& path, Server* server) {
  const Result<HttpResponse> response = askHttp(examination, client, path, server);
  if (!response) return response.error();
  if (response->status != 200) return statusError(client.settings(), *response, path);
  return jsonBody(client.settings(), *response, path);
}

QString text(const QJsonValue& object, const char* member) { return object[QLatin1String(member)].toString(); }

void askSilences(Examination& examination, HttpClient& client, AlertmanagerEvidence& evidence) {
  const Result<QJsonDocument> silences = document(examination, client, QStringLiteral("/api/v2/silences"), nullptr);
  if (!silences) return examination.miss(QStringLiteral("Silences of Alertmanager"), silences.error());
  for (const QJsonValue& one : silences->array())
    if (text(one[QLatin1String("status")], "state") == QLatin1String("active") && evidence.silences.size() < mostAlerts)
      evidence.silences[text(one, "id")] = {text(one, "createdBy"), text(one, "comment"), text(one, "endsAt")};
}

}  // namespace

AlertmanagerEvidence gatherAlertmanager(Examination& examination, const SourceSettings& settings) {
  AlertmanagerEvidence evidence;
  evidence.server.wanted = true;
  const Result<HttpSettings> http = httpSettings(settings, alertmanagerFields());
  if (!http) {
    evidence.server.error = http.error();
    return evidence;
  }
  evidence.server.endpoint = endpointOf(http->base);
  evidence.url = http->base.toString(QUrl::StripTrailingSlash);
  HttpClient client(*http);
  const Result<QJsonDocument> status = document(examination, client, QStringLiteral("/api/v2/status"), &evidence.server);
  if (!status) {
    evidence.server.error = status.error();
    return evidence;
  }
  const QJsonValue whole = status->object();
  examination.looked += QStringLiteral("Alertmanager %1 at %2").arg(clean(text(whole[QLatin1String("versionInfo")], "version"), 40), evidence.server.endpoint);
  const QString yaml = text(whole[QLatin1String("config")], "original");
  evidence.receivers = receiversOf(yaml);
  evidence.rootReceiver = rootReceiverOf(yaml);
  if (const Result<QJsonDocument> alerts = document(examination, client, QStringLiteral("/api/v2/alerts"), nullptr)) {
    evidence.alerts = managedAlerts(alerts->array()).mid(0, mostAlerts);
  } else {
    examination.miss(QStringLiteral("Alerts of Alertmanager"), alerts.error());
  }
  askSilences(examination, client, evidence);
  const Result<HttpResponse> metrics = askHttp(examination, client, QStringLiteral("/metrics"), nullptr);
  if (metrics && metrics->status == 200) evidence.own = MetricsText::parse(metrics->body, {"alertmanager_notifications_total", "alertmanager_notifications_failed_total"});
  return evidence;
}

}  // namespace cachedeck::doctor
