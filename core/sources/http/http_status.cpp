// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/sources/http/http_errors.h"

namespace cachedeck {

namespace {

bool isHtml(const HttpResponse& response) {
  if (response.contentType == "text/html" || response.contentType == "application/xhtml+xml") return true;
  const QByteArray start = response.body.left(64).trimmed().toLower();
  return start.startsWith("<!doctype html") || start.startsWith("<html");
}

/// The server's own words for the message: one line of plain text, none of a web page.
QString words(const HttpResponse& response) {
  if (isHtml(response)) return {};
  return redact(printable(response.body.left(2000).simplified(), 200));
}

QString withWords(const QString& sentence, const HttpResponse& response) {
  const QString text = words(response);
  return text.isEmpty() ? sentence + QLatin1Char('.') : sentence + QStringLiteral(": ") + text;
}

Error unauthorized(const HttpSettings& settings, const QString& peer) {
  if (!settings.sendsCredentials())
    return fail(Error::Kind::Auth, QStringLiteral("%1 asks for credentials (HTTP 401). Choose basic or bearer and enter them.").arg(peer));
  return fail(Error::Kind::Auth, QStringLiteral("%1 rejected the credentials (HTTP 401). Check user, password or token.").arg(peer));
}

Error unexpectedBody(const HttpResponse& response, const QString& peer) {
  if (isHtml(response))
    return fail(Error::Kind::Protocol, QStringLiteral("%1 answered with a web page instead of data. Check the port and the path prefix; it may also be a login page.").arg(peer));
  const QString type = response.contentType.isEmpty() ? QStringLiteral("no content type") : printable(response.contentType, 60);
  return fail(Error::Kind::Protocol, QStringLiteral("%1 answered with %2 instead of JSON. Check the port and the path prefix.").arg(peer, type), words(response));
}

}  // namespace

Error statusError(const HttpSettings& settings, const HttpResponse& response, const QString& path) {
  const QString peer = endpointOf(settings.base);
  const int status = response.status;
  if (status == 400 && (response.body.contains("HTTP request to an HTTPS server") || response.body.contains("plain HTTP request was sent to HTTPS port")))
    return fail(Error::Kind::Tls, QStringLiteral("%1 wants TLS. Write https:// instead of http://.").arg(peer));
  if (status == 401) return unauthorized(settings, peer);
  if (status == 403)
    return fail(Error::Kind::Permission, QStringLiteral("%1 knows the account but forbids the request (HTTP 403). Ask for the right to read %2.").arg(peer, path));
  // VictoriaMetrics says it with 400.
  if (status == 404 || status == 410 || (status == 400 && response.body.startsWith("unsupported path")))
    return fail(Error::Kind::NotFound, QStringLiteral("%1 answers, but has no %2 (HTTP %3). Check the path prefix of the URL.").arg(peer, settings.base.path() + path).arg(status), words(response));
  if (status == 429 || status == 503)
    return fail(Error::Kind::Busy, withWords(QStringLiteral("%1 is not ready (HTTP %2)").arg(peer).arg(status), response));
  if (status == 504)
    return fail(Error::Kind::Timeout, withWords(QStringLiteral("A proxy at %1 got no answer from the server behind it (HTTP 504)").arg(peer), response));
  if (status >= 500) return fail(Error::Kind::Server, withWords(QStringLiteral("%1 failed (HTTP %2)").arg(peer).arg(status), response));
  if (status >= 400) return fail(Error::Kind::Protocol, withWords(QStringLiteral("%1 refused the request (HTTP %2)").arg(peer).arg(status), response));
  if (status >= 300) return oddRedirect(settings.base);
  return unexpectedBody(response, peer);
}

bool isJson(const HttpResponse& response) {
  return response.contentType == "application/json" || response.contentType.endsWith("+json");
}

Result<QJsonDocument> jsonBody(const HttpSettings& settings, const HttpResponse& response, const QString& path) {
  if (!isJson(response)) return statusError(settings, response, path);
  QJsonParseError problem;
  QJsonDocument document = QJsonDocument::fromJson(response.body, &problem);
  if (!document.isNull()) return document;
  if (response.status >= 400) return statusError(settings, response, path);
  return fail(Error::Kind::Protocol,
              QStringLiteral("The answer of %1 is not valid JSON. A proxy may have cut or changed it.").arg(endpointOf(settings.base)),
              QStringLiteral("%1 at byte %2 of %3").arg(problem.errorString()).arg(problem.offset).arg(response.body.size()));
}

}  // namespace cachedeck
