// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/http/http_exchange.h"

#include "core/sources/http/http_errors.h"
#include "core/base/tls.h"

#include <QDateTime>
#include <QEventLoop>
#include <QLocale>
#include <QNetworkReply>
#include <QTimeZone>
#include <QTimer>

namespace cachedeck {

namespace {

/// "Sun, 29 Nov 2026 07:29:32 GMT", the one form that a Date header has today.
qint64 dateOf(const QByteArray& header) {
  const QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(header), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
  const QDateTime inUtc(date.date(), date.time(), QTimeZone::utc());  // as local time it may fall in an hour that summer time leaves out
  return inUtc.isValid() ? inUtc.toMSecsSinceEpoch() : 0;
}

QByteArray plainType(const QByteArray& header) { return header.split(';').first().trimmed().toLower(); }

}  // namespace

HttpExchange::HttpExchange(QNetworkReply* reply, qint64 largestBody) : m_reply(reply), m_largestBody(largestBody) {
  QObject::connect(reply, &QNetworkReply::sslErrors, reply, [this](const QList<QSslError>& errors) { m_tlsErrors += errors; });
  QObject::connect(reply, &QNetworkReply::readyRead, reply, [this] { take(); });
  QObject::connect(reply, &QNetworkReply::metaDataChanged, reply, [this] {
    if (m_reply->header(QNetworkRequest::ContentLengthHeader).toLongLong() > m_largestBody) {
      m_tooLarge = true;
      m_reply->abort();
    }
  });
}

HttpExchange::~HttpExchange() {
  m_reply->disconnect();
  m_reply->abort();
}

void HttpExchange::take() {
  if (m_tooLarge) return;
  m_body += m_reply->readAll();
  if (m_body.size() <= m_largestBody) return;
  m_tooLarge = true;
  m_body.clear();
  m_reply->abort();
}

Result<HttpResponse> HttpExchange::wait(const HttpSettings& settings, std::chrono::milliseconds allowed,
                                        const Deadline& deadline, std::stop_token stop) {
  // The sockets of QNetworkAccessManager cannot be reached for keepalive or TCP_USER_TIMEOUT, and its transfer timeout
  // starts anew with each byte: this one timer covers the silent, the half-open and the dripping server alike.
  QEventLoop loop;
  QTimer timer;
  timer.setSingleShot(true);
  QObject::connect(&timer, &QTimer::timeout, &loop, &QEventLoop::quit);
  QObject::connect(m_reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
  // Queued, so that a stop between here and exec() is not lost.
  const std::stop_callback wake(stop, [&loop] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
  timer.start(deadline.remainingMs());
  if (!m_reply->isFinished()) loop.exec();

  if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  if (m_tooLarge) return tooLarge(settings.base, m_largestBody);
  if (!m_reply->isFinished()) return noAnswer(settings.base, allowed, !m_body.isEmpty());
  return answer(settings, allowed);
}

Result<HttpResponse> HttpExchange::answer(const HttpSettings& settings, std::chrono::milliseconds allowed) {
  take();
  if (m_tooLarge) return tooLarge(settings.base, m_largestBody);
  const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  const QNetworkReply::NetworkError code = m_reply->error();
  // A status of 400 and more makes an error too, but the answer is whole.
  const bool whole = code == QNetworkReply::NoError || status >= 400;
  if (!whole && !m_tlsErrors.isEmpty()) return certificateError(endpointOf(settings.base), settings.base.host(), m_tlsErrors, m_tlsErrors.first().certificate());
  if (code == QNetworkReply::TimeoutError) return noAnswer(settings.base, allowed, false);
  if (!whole) return transportError(settings, code, m_reply->errorString(), status);
  if (status == 0) return notHttp(settings);
  if (lacksBytes()) return cutShort(settings.base);
  return HttpResponse{status, plainType(m_reply->header(QNetworkRequest::ContentTypeHeader).toByteArray()), m_body, dateOf(m_reply->rawHeader("Date"))};
}

bool HttpExchange::lacksBytes() const {
  if (m_reply->hasRawHeader("Content-Encoding")) return false;  // then the length is that of the compressed bytes
  const QVariant length = m_reply->header(QNetworkRequest::ContentLengthHeader);
  return length.isValid() && m_body.size() < length.toLongLong();
}

QUrl HttpExchange::redirectTarget() const {
  const QUrl target = m_reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl();
  return target.isEmpty() ? QUrl() : m_reply->url().resolved(target);
}

}  // namespace cachedeck
