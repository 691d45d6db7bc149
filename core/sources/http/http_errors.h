// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/http/http_settings.h"

#include <QJsonDocument>
#include <QNetworkReply>

namespace cachedeck {

// The sentences for everything that can go wrong between a request and its answer. None holds more of a URL than the
// host and port, since a URL may carry what is secret.

/// What a network error of Qt means; `status` is 0 when no status line came.
Error transportError(const HttpSettings& settings, QNetworkReply::NetworkError code, const QString& text, int status);
/// The deadline passed; `begun` says that a part of the body had come.
Error noAnswer(const QUrl& url, std::chrono::milliseconds allowed, bool begun);
Error notHttp(const HttpSettings& settings);
Error cutShort(const QUrl& url);
Error tooLarge(const QUrl& url, qint64 most);
Error foreignRedirect(const QUrl& url, const QUrl& target);
Error oddRedirect(const QUrl& url);

/// What a status outside 200–299, or a body of the wrong type, means for a request of `path`.
Error statusError(const HttpSettings& settings, const HttpResponse& response, const QString& path);

/// True when the content type says JSON.
bool isJson(const HttpResponse& response);
/// The body as JSON whatever the status. Errors: statusError() where it is of another type, Protocol where it is broken.
Result<QJsonDocument> jsonBody(const HttpSettings& settings, const HttpResponse& response, const QString& path);

}  // namespace cachedeck
