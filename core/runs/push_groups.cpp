// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/push_groups.h"

#include "core/base/clock.h"
#include "core/base/resolver.h"
#include "core/base/tls.h"
#include "core/runs/run_record.h"
#include "core/sources/http/http_errors.h"
#include "core/sources/http/http_exchange.h"

#include <QJsonArray>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslConfiguration>

#include <algorithm>

namespace cachedeck::runs {

namespace {

void authorize(QNetworkRequest& request, const HttpSettings& settings) {
  if (settings.auth == HttpSettings::Auth::Basic)
    request.setRawHeader("Authorization", "Basic " + (settings.user.toUtf8() + ':' + settings.secret.reveal()).toBase64());
  else if (settings.auth == HttpSettings::Auth::Bearer)
    request.setRawHeader("Authorization", "Bearer " + settings.secret.reveal());
  if (!settings.header.isEmpty()) request.setRawHeader(settings.header, settings.headerValue.reveal());
}

Result<QNetworkRequest> requestOf(const HttpSettings& settings, const QString& path) {
  QUrl url = settings.base;
  QString prefix = url.path();
  while (prefix.endsWith(QLatin1Char('/'))) prefix.chop(1);
  url.setPath(prefix + path);
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
  request.setRawHeader("User-Agent", "cachedeck");
  authorize(request, settings);
  if (url.scheme() != QLatin1String("https")) return request;
  const Result<QSslConfiguration> tls = tlsConfiguration({settings.caFile, settings.certificateFile, settings.keyFile});
  if (!tls) return tls.error();
  request.setSslConfiguration(*tls);
  return request;
}

}  // namespace

QStringList pushedRuns(const QJsonDocument& answer, const QString& scenario) {
  QStringList runs;
  for (const QJsonValue& group : answer[QLatin1String("data")].toArray()) {
    const QJsonObject labels = group[QLatin1String("labels")].toObject();
    const QString run = labels[QLatin1String("run")].toString();
    if (labels.size() == 3 && labels[QLatin1String("job")] == QLatin1String(pushJob) && labels[QLatin1String("scenario")] == scenario && isRunId(run)) runs.append(run);
  }
  std::sort(runs.begin(), runs.end(), std::greater<>());
  return runs;
}

Result<void> deleteGroup(const HttpSettings& gateway, const QString& path, std::chrono::milliseconds allowed, std::stop_token stop) {
  const Deadline deadline(allowed);
  const Result<QNetworkRequest> request = requestOf(gateway, path);
  if (!request) return request.error();
  // Under our deadline, and so that Qt finds the name in its cache.
  if (const auto resolved = resolveHost(request->url().host(), deadline, stop); !resolved) return resolved.error();
  QNetworkAccessManager manager;
  manager.setProxy(QNetworkProxy::NoProxy);
  HttpExchange exchange(manager.deleteResource(*request), gateway.largestBody);
  const Result<HttpResponse> response = exchange.wait(gateway, allowed, deadline, std::move(stop));
  if (!response) return response.error();
  if (response->status >= 200 && response->status < 300) return {};
  return statusError(gateway, *response, path);
}

}  // namespace cachedeck::runs
