// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/http/http_client.h"

#include "core/base/clock.h"
#include "core/sources/http/http_errors.h"
#include "core/sources/http/http_exchange.h"
#include "core/base/resolver.h"
#include "core/base/tls.h"

#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QThread>

namespace cachedeck {

namespace {

constexpr int mostRedirects = 3;

QUrl joined(const QUrl& base, const QString& path, const HttpQuery& query) {
  QUrl url = base;
  QString prefix = base.path();
  while (prefix.endsWith(QLatin1Char('/'))) prefix.chop(1);
  url.setPath(prefix + path);
  if (!query.empty()) url.setQuery(QString::fromLatin1(encodedQuery(query)));
  return url;
}

int portOf(const QUrl& url) { return url.port(url.scheme() == QLatin1String("https") ? 443 : 80); }

bool sameOrigin(const QUrl& a, const QUrl& b) {
  return a.scheme() == b.scheme() && a.host() == b.host() && portOf(a) == portOf(b);
}

void authorize(QNetworkRequest& request, const HttpSettings& settings) {
  // Qt takes plain QByteArrays here and keeps copies until the request is gone: they live as long as one exchange.
  if (settings.auth == HttpSettings::Auth::Basic)
    request.setRawHeader("Authorization",
                         "Basic " + (settings.user.toUtf8() + ':' + settings.secret.reveal()).toBase64());
  else if (settings.auth == HttpSettings::Auth::Bearer)
    request.setRawHeader("Authorization", "Bearer " + settings.secret.reveal());
  if (!settings.header.isEmpty()) request.setRawHeader(settings.header, settings.headerValue.reveal());
}

}  // namespace

QByteArray encodedQuery(const HttpQuery& query) {
  QByteArray text;
  for (const auto& [name, value] : query) {
    if (!text.isEmpty()) text += '&';
    text += name.toPercentEncoding() + '=' + value.toUtf8().toPercentEncoding();
  }
  return text;
}

QString endpointOf(const QUrl& url) {
  const QString host = url.host();
  return QStringLiteral("%1:%2").arg(host.contains(QLatin1Char(':')) ? QLatin1Char('[') + host + QLatin1Char(']') : host).arg(portOf(url));
}

struct HttpClient::Call {
  enum class Verb { Get, Post, Delete } verb;
  const QString& path;
  HttpQuery query;
  QByteArray body;
  QByteArray contentType;
  std::chrono::milliseconds allowed;
};

HttpClient::HttpClient(HttpSettings settings) : m_settings(std::move(settings)) {}

// The thread of the requests may be over by now; nothing of the manager needs its event loop any more.
HttpClient::~HttpClient() = default;

void HttpClient::close() { m_manager.reset(); }

Result<HttpResponse> HttpClient::get(const QString& path, const HttpQuery& query, std::stop_token stop,
                                     std::chrono::milliseconds deadline) {
  return perform(Call{Call::Verb::Get, path, query, {}, {}, deadline.count() > 0 ? deadline : m_settings.deadline}, std::move(stop));
}

Result<HttpResponse> HttpClient::post(const QString& path, const HttpQuery& query, const QByteArray& body,
                                      const QByteArray& contentType, std::stop_token stop,
                                      std::chrono::milliseconds deadline) {
  return perform(Call{Call::Verb::Post, path, query, body, contentType, deadline.count() > 0 ? deadline : m_settings.deadline},
                 std::move(stop));
}

Result<HttpResponse> HttpClient::remove(const QString& path, std::stop_token stop, std::chrono::milliseconds deadline) {
  return perform(Call{Call::Verb::Delete, path, {}, {}, {}, deadline.count() > 0 ? deadline : m_settings.deadline}, std::move(stop));
}

Result<HttpResponse> HttpClient::perform(const Call& call, std::stop_token stop) {
  const Deadline deadline(call.allowed);
  QUrl url = joined(m_settings.base, call.path, call.query);
  for (int hop = 0; hop <= mostRedirects; ++hop) {
    QUrl target;
    Result<HttpResponse> response = exchange(url, call, deadline, stop, &target);
    if (!response) {
      close();  // what is left of a failed exchange must not be reused for the next one
      return response;
    }
    if (target.isEmpty()) return response;
    // Qt 6.4 forwards Authorization to wherever a redirect points, so that redirects are followed here, never by Qt.
    const bool web = target.scheme() == QLatin1String("http") || target.scheme() == QLatin1String("https");
    if (web && !sameOrigin(url, target)) return foreignRedirect(m_settings.base, target);
    const bool repeatable = call.verb == Call::Verb::Get || (call.verb == Call::Verb::Post && (response->status == 307 || response->status == 308));
    if (!web || !repeatable) return oddRedirect(m_settings.base);
    url = target;
  }
  return oddRedirect(m_settings.base);
}

Result<HttpResponse> HttpClient::exchange(const QUrl& url, const Call& call, const Deadline& deadline,
                                          std::stop_token stop, QUrl* redirect) {
  const Result<QNetworkRequest> made = request(url, call);
  if (!made) return made.error();
  // Under our deadline, and so that Qt finds the name in its cache: its own look-up cannot be stopped, and delays the exit.
  const auto resolved = resolveHost(url.host(), deadline, stop);
  if (!resolved) return resolved.error();
  QNetworkReply* const reply = call.verb == Call::Verb::Post ? manager().post(*made, call.body) : call.verb == Call::Verb::Delete ? manager().deleteResource(*made) : manager().get(*made);
  HttpExchange exchange(reply, m_settings.largestBody);
  Result<HttpResponse> response = exchange.wait(m_settings, call.allowed, deadline, std::move(stop));
  if (response && response->status >= 300 && response->status < 400) *redirect = exchange.redirectTarget();
  return response;
}

Result<QNetworkRequest> HttpClient::request(const QUrl& url, const Call& call) const {
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
  request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
  // Below the cap our own count of bytes holds; beyond it Qt also stops what inflates more than 40-fold.
  request.setDecompressedSafetyCheckThreshold(m_settings.largestBody);
  request.setRawHeader("User-Agent", "cachedeck");
  request.setRawHeader("Accept", "application/json, text/plain;q=0.5, */*;q=0.1");
  if (call.verb == Call::Verb::Post) request.setHeader(QNetworkRequest::ContentTypeHeader, call.contentType);
  authorize(request, m_settings);
  if (url.scheme() == QLatin1String("https")) {
    const Result<QSslConfiguration> tls = tlsConfiguration({m_settings.caFile, m_settings.certificateFile, m_settings.keyFile});
    if (!tls) return tls.error();
    request.setSslConfiguration(*tls);
  }
  return request;
}

QNetworkAccessManager& HttpClient::manager() {
  if (m_manager && m_manager->thread() != QThread::currentThread()) m_manager.reset();
  if (!m_manager) {
    m_manager = std::make_unique<QNetworkAccessManager>();
    m_manager->setProxy(QNetworkProxy::NoProxy);
  }
  return *m_manager;
}

}  // namespace cachedeck
