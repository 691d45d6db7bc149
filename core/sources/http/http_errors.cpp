// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/http/http_errors.h"

#include "core/base/redactor.h"
#include "core/base/text.h"

namespace cachedeck {

namespace {

bool isHttps(const QUrl& url) { return url.scheme() == QLatin1String("https"); }

bool contains(const QString& text, const char* part) { return text.contains(QLatin1String(part), Qt::CaseInsensitive); }

Error tlsFailure(const HttpSettings& settings, const QString& text) {
  const QString peer = endpointOf(settings.base);
  const QString detail = printable(text);
  if (contains(text, "wrong version number") || contains(text, "http request") || contains(text, "packet length too long"))
    return fail(Error::Kind::Tls, QStringLiteral("%1 does not speak TLS. Try http:// instead of https://.").arg(peer), detail);
  if (contains(text, "certificate required") || contains(text, "bad certificate") || contains(text, "unknown ca") ||
      (contains(text, "handshake failure") && settings.certificateFile.isEmpty()))
    return fail(Error::Kind::Tls,
                settings.certificateFile.isEmpty()
                    ? QStringLiteral("%1 asks for a client certificate. Enter its file and key.").arg(peer)
                    : QStringLiteral("%1 refused the client certificate. Check that it comes from the authority that the server trusts.").arg(peer),
                detail);
  if (contains(text, "protocol version"))
    return fail(Error::Kind::Tls, QStringLiteral("%1 speaks only TLS versions older than 1.2, which are refused here.").arg(peer), detail);
  return fail(Error::Kind::Tls, QStringLiteral("The TLS handshake with %1 failed: %2.").arg(peer, printable(text)), detail);
}

Error closedEarly(const HttpSettings& settings, const QString& text, int status) {
  const QString peer = endpointOf(settings.base);
  if (status != 0) return cutShort(settings.base);
  // With TLS 1.3 a refused client certificate can look like this too: the server's alert is lost when it resets the link.
  const QString hint = isHttps(settings.base) ? QStringLiteral("It may want another client certificate, may not speak TLS, or is just stopping.")
                                              : QStringLiteral("The port may want https://, or it is not an HTTP server.");
  return fail(Error::Kind::Unreachable, QStringLiteral("The connection to %1 ended without an HTTP answer. %2").arg(peer, hint), printable(text));
}

}  // namespace

Error transportError(const HttpSettings& settings, QNetworkReply::NetworkError code, const QString& text, int status) {
  const QString peer = endpointOf(settings.base);
  // A certificate that the server misses is told by an alert, which arrives as any kind of error.
  if (isHttps(settings.base) && contains(text, "alert")) return tlsFailure(settings, text);
  switch (code) {
    case QNetworkReply::ConnectionRefusedError:
      return fail(Error::Kind::Refused, QStringLiteral("Nothing listens on %1. Check the port, and that the server runs.").arg(peer));
    case QNetworkReply::HostNotFoundError:
      return fail(Error::Kind::Unreachable, QStringLiteral("The host name “%1” is not known. Check its spelling.").arg(printable(settings.base.host())));
    case QNetworkReply::SslHandshakeFailedError:
      return tlsFailure(settings, text);
    case QNetworkReply::RemoteHostClosedError:
      return closedEarly(settings, text, status);
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::UnknownContentError:
      if (status != 0)
        return fail(Error::Kind::Protocol, QStringLiteral("The answer of %1 is damaged: its compressed body cannot be unpacked safely.").arg(peer), printable(text));
      return notHttp(settings);
    default:
      return fail(Error::Kind::Unreachable, QStringLiteral("%1 cannot be reached: %2.").arg(peer, printable(text)));
  }
}

Error noAnswer(const QUrl& url, std::chrono::milliseconds allowed, bool begun) {
  const QString peer = endpointOf(url);
  const QString seconds = QString::number(static_cast<double>(allowed.count()) / 1000);
  if (begun)
    return fail(Error::Kind::Timeout, QStringLiteral("%1 began to answer but did not finish within %2 s. The link or the server is too slow.").arg(peer, seconds));
  return fail(Error::Kind::Timeout, QStringLiteral("No answer from %1 within %2 s. Check that the address is right and the server not stopped or overloaded.").arg(peer, seconds));
}

Error notHttp(const HttpSettings& settings) {
  return fail(Error::Kind::Protocol, QStringLiteral("What answers on %1 does not speak HTTP. Check the port.").arg(endpointOf(settings.base)));
}

Error cutShort(const QUrl& url) {
  return fail(Error::Kind::Protocol, QStringLiteral("The answer of %1 broke off before its end. A proxy or the server cut the connection.").arg(endpointOf(url)));
}

Error tooLarge(const QUrl& url, qint64 most) {
  return fail(Error::Kind::Protocol, QStringLiteral("The answer of %1 is larger than %2 MB and was not read. Narrow the query or its time range.")
                                         .arg(endpointOf(url))
                                         .arg(static_cast<double>(most) / 1e6));
}

Error foreignRedirect(const QUrl& url, const QUrl& target) {
  const QString place = printable(target.adjusted(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment).toString());
  return fail(Error::Kind::Protocol, QStringLiteral("%1 redirects to %2, where no credentials are sent. Enter that address if it is the right one.").arg(endpointOf(url), place));
}

Error oddRedirect(const QUrl& url) {
  return fail(Error::Kind::Protocol, QStringLiteral("%1 redirects in a way that cannot be followed. Check the URL and its path prefix.").arg(endpointOf(url)));
}

}  // namespace cachedeck
