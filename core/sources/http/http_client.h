// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/http/http_settings.h"

#include <QNetworkRequest>

#include <memory>
#include <stop_token>

class QNetworkAccessManager;

namespace cachedeck {

class Deadline;

/// A blocking HTTP client for one server. Used on one thread at a time (its Worker's); a request runs a nested event
/// loop of its own there, which is the one place in the program where that is allowed. Connections are kept alive.
class HttpClient {
 public:
  explicit HttpClient(HttpSettings settings);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// The answer to GET base/path?query, of whatever status; redirects are followed within the same origin only.
  /// A zero `deadline` means that of the settings. Errors: everything that kept a whole answer from coming.
  Result<HttpResponse> get(const QString& path, const HttpQuery& query, std::stop_token stop,
                           std::chrono::milliseconds deadline = {});
  /// As get(), with a body.
  Result<HttpResponse> post(const QString& path, const HttpQuery& query, const QByteArray& body,
                            const QByteArray& contentType, std::stop_token stop, std::chrono::milliseconds deadline = {});

  /// DELETE; a redirect is not followed.
  Result<HttpResponse> remove(const QString& path, std::stop_token stop, std::chrono::milliseconds deadline = {});

  /// Drops the kept connections. To be called on the thread of the requests.
  void close();

  const HttpSettings& settings() const { return m_settings; }
  /// "host:port" for messages.
  QString endpoint() const { return endpointOf(m_settings.base); }

 private:
  struct Call;
  Result<HttpResponse> perform(const Call& call, std::stop_token stop);
  Result<HttpResponse> exchange(const QUrl& url, const Call& call, const Deadline& deadline, std::stop_token stop,
                                QUrl* redirect);
  Result<QNetworkRequest> request(const QUrl& url, const Call& call) const;
  QNetworkAccessManager& manager();

  const HttpSettings m_settings;
  std::unique_ptr<QNetworkAccessManager> m_manager;
};

}  // namespace cachedeck
