// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_certificate.h"

#include "core/base/tls.h"

#include <QDir>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr std::chrono::milliseconds patience{2000};
constexpr int sliceMs = 50;  ///< how soon a stop request is noticed
constexpr char sslRequest[] = {0, 0, 0, 8, 4, char(0xd2), 22, 47};  // PostgreSQL protocol, SSLRequest

QString valueOf(const PostgresParameters& parameters, const char* keyword) {
  const auto found = parameters.find(keyword);
  return found == parameters.end() ? QString() : QString::fromUtf8(found->second);
}

QList<QSslCertificate> authorities(const PostgresParameters& parameters) {
  QString file = valueOf(parameters, "sslrootcert");
  if (file == QStringLiteral("system")) return QSslConfiguration::systemCaCertificates();
  if (file.isEmpty()) file = QDir::homePath() + QStringLiteral("/.postgresql/root.crt");
  return QSslCertificate::fromPath(file);
}

template <typename Step>
bool waitFor(const Deadline& deadline, const std::stop_token& stop, const QSslSocket& socket, Step step) {
  while (!deadline.expired() && !stop.stop_requested()) {
    if (step(std::min(sliceMs, deadline.remainingMs()))) return true;
    if (socket.error() != QAbstractSocket::SocketTimeoutError && socket.error() != QAbstractSocket::UnknownSocketError) return false;
  }
  return false;
}

/// Connects and lets the server agree to TLS.
bool agreeOnTls(QSslSocket& socket, const PostgresPlace& place, const Deadline& deadline, const std::stop_token& stop) {
  socket.connectToHost(QString::fromUtf8(place.address), place.port.toUShort());
  if (!waitFor(deadline, stop, socket, [&](int ms) { return socket.waitForConnected(ms); })) return false;
  socket.write(sslRequest, sizeof sslRequest);
  if (!waitFor(deadline, stop, socket, [&](int ms) { return socket.bytesAvailable() > 0 || socket.waitForReadyRead(ms); })) return false;
  return socket.read(1) == "S";
}

}  // namespace

void explainCertificate(Error& error, const PostgresParameters& parameters, const PostgresPlace& place, const std::stop_token& stop) {
  const Deadline deadline(patience);
  QSslSocket socket;
  if (!agreeOnTls(socket, place, deadline, stop)) return;
  QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
  configuration.setCaCertificates(authorities(parameters));
  configuration.setPeerVerifyMode(QSslSocket::QueryPeer);  // go on after an error, so that all causes are known
  socket.setSslConfiguration(configuration);
  socket.setPeerVerifyName(QString::fromUtf8(place.host));
  QList<QSslError> causes;
  QObject::connect(&socket, &QSslSocket::sslErrors, &socket, [&causes](const QList<QSslError>& errors) { causes = errors; });
  socket.startClientEncryption();
  waitFor(deadline, stop, socket, [&](int ms) { return socket.waitForEncrypted(ms); });
  const QSslCertificate certificate = socket.peerCertificate();
  socket.abort();
  if (certificate.isNull()) return;
  if (valueOf(parameters, "sslmode") != QStringLiteral("verify-full"))
    causes.removeIf([](const QSslError& cause) { return cause.error() == QSslError::HostNameMismatch; });
  if (causes.isEmpty()) {
    error.detail += QLatin1Char('\n') + describeCertificate(certificate);
    return;
  }
  const Error explained = certificateError(place.text(), QString::fromUtf8(place.host), causes, certificate);
  error.message = explained.message;
  error.detail += QLatin1Char('\n') + explained.detail;
}

}  // namespace cachedeck
