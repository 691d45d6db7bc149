// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_certificate.h"

#include "core/base/text.h"

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

QString moment(const QDateTime& time) { return time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm 'UTC'")); }

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

/// The lower, the sooner a person should hear of it when there are several.
int rank(QSslError::SslError cause) {
  switch (cause) {
    case QSslError::SelfSignedCertificate: return 0;
    case QSslError::CertificateExpired: return 1;
    case QSslError::CertificateNotYetValid: return 2;
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::CertificateUntrusted: return 3;
    case QSslError::HostNameMismatch: return 4;
    default: return 5;
  }
}

QString sentence(const QString& endpoint, const QString& host, const QSslError& cause, const QSslCertificate& certificate) {
  switch (rank(cause.error())) {
    case 0: return QStringLiteral("The certificate of %1 is self-signed, so that nothing vouches for it. Choose that certificate under CA certificates if you trust it.").arg(endpoint);
    case 1: return QStringLiteral("The certificate of %1 expired on %2. It has to be renewed on the server.").arg(endpoint, moment(certificate.expiryDate()));
    case 2: return QStringLiteral("The certificate of %1 is not valid before %2. Check the clocks of both machines.").arg(endpoint, moment(certificate.effectiveDate()));
    case 3: return QStringLiteral("The certificate of %1 comes from an authority that is not known here. Choose that authority's certificate under CA certificates.").arg(endpoint);
    case 4: return QStringLiteral("The certificate of %1 is not for the name “%2”. Use a name that it lists.").arg(endpoint, host);
    default: return QStringLiteral("The certificate of %1 is refused: %2.").arg(endpoint, printable(cause.errorString()));
  }
}

QString description(const QSslCertificate& certificate) {
  QStringList names;
  const auto alternatives = certificate.subjectAlternativeNames();
  for (const QString& name : alternatives) names += printable(name);
  return QStringLiteral("Subject: %1\nAlternative names: %2\nIssuer: %3\nValid: %4 to %5\nSHA-256: %6")
      .arg(printable(certificate.subjectDisplayName()), names.isEmpty() ? QStringLiteral("none") : names.join(QStringLiteral(", ")),
           printable(certificate.issuerDisplayName()), moment(certificate.effectiveDate()), moment(certificate.expiryDate()),
           QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':')));
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
  error.detail += QLatin1Char('\n') + description(certificate);
  if (valueOf(parameters, "sslmode") != QStringLiteral("verify-full"))
    causes.removeIf([](const QSslError& cause) { return cause.error() == QSslError::HostNameMismatch; });
  const auto first = std::min_element(causes.begin(), causes.end(), [](const QSslError& a, const QSslError& b) { return rank(a.error()) < rank(b.error()); });
  if (first != causes.end()) error.message = sentence(place.text(), QString::fromUtf8(place.host), *first, certificate);
}

}  // namespace cachedeck
