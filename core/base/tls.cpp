// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tls.h"

#include "core/base/secret.h"
#include "core/base/text.h"

#include <QFile>
#include <QFileInfo>
#include <QSslKey>
#include <QSslSocket>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qint64 largestPem = 4 << 20;

Result<QByteArray> contents(const QString& path, const char* what) {
  const QFileInfo info(path);
  if (info.exists() && !info.isFile())  // opening a pipe would wait for its other end
    return fail(Error::Kind::Usage, QStringLiteral("The %1 file “%2” is not an ordinary file.").arg(QLatin1String(what), path));
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly))
    return fail(file.exists() ? Error::Kind::Io : Error::Kind::NotFound,
                QStringLiteral("The %1 file “%2” cannot be read: %3.").arg(QLatin1String(what), path, file.errorString()));
  return file.read(largestPem);
}

Result<QList<QSslCertificate>> certificates(const QString& path, const char* what) {
  const Result<QByteArray> pem = contents(path, what);
  if (!pem) return pem.error();
  const QList<QSslCertificate> list = QSslCertificate::fromData(*pem, QSsl::Pem);
  if (list.isEmpty())
    return fail(Error::Kind::Usage, QStringLiteral("The %1 file “%2” holds no PEM certificate.").arg(QLatin1String(what), path));
  return list;
}

Result<QSslKey> privateKey(const QString& path) {
  Result<QByteArray> pem = contents(path, "client key");
  if (!pem) return pem.error();
  QSslKey key;
  for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa})
    if (key.isNull()) key = QSslKey(*pem, algorithm, QSsl::Pem);
  wipe(*pem);
  if (key.isNull())
    return fail(Error::Kind::Usage, QStringLiteral("The client key file “%1” holds no PEM key without a passphrase.").arg(path));
  return key;
}

QString minute(const QDateTime& time) { return time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm 'UTC'")); }

// The cause a person should hear first when there are several: the lower, the earlier.
int weight(QSslError::SslError error) {
  switch (error) {
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

QString sentence(const QString& endpoint, const QString& name, const QSslError& cause, const QSslCertificate& certificate) {
  switch (weight(cause.error())) {
    case 0:
      return QStringLiteral("The certificate of %1 is self-signed, so that nothing vouches for it. Enter that certificate as the CA file if you trust it.").arg(endpoint);
    case 1:
      return QStringLiteral("The certificate of %1 expired on %2. It has to be renewed on the server.").arg(endpoint, minute(certificate.expiryDate()));
    case 2:
      return QStringLiteral("The certificate of %1 is not valid before %2. Check the clocks of both machines.").arg(endpoint, minute(certificate.effectiveDate()));
    case 3:
      return QStringLiteral("The certificate of %1 comes from an authority that is not known here. Enter that authority's certificate as the CA file.").arg(endpoint);
    case 4:
      return QStringLiteral("The certificate of %1 is not for the name “%2”. Connect by a name that it lists.").arg(endpoint, name);
    default:
      return QStringLiteral("The certificate of %1 is refused: %2.").arg(endpoint, printable(cause.errorString()));
  }
}

QString names(const QSslCertificate& certificate) {
  QStringList list;
  const auto alternatives = certificate.subjectAlternativeNames();
  for (const QString& name : alternatives) list += printable(name);
  return list.isEmpty() ? QStringLiteral("none") : list.join(QStringLiteral(", "));
}

}  // namespace

Result<QSslConfiguration> tlsConfiguration(const TlsFiles& files) {
  if (!QSslSocket::supportsSsl())
    return fail(Error::Kind::Tls, QStringLiteral("This installation of Qt has no TLS. Install Qt's OpenSSL backend."));
  QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
  configuration.setProtocol(QSsl::TlsV1_2OrLater);
  configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
  if (!files.authority.isEmpty()) {
    const Result<QList<QSslCertificate>> authorities = certificates(files.authority, "CA");
    if (!authorities) return authorities.error();
    configuration.setCaCertificates(*authorities);
  }
  if (!files.certificate.isEmpty()) {
    const Result<QList<QSslCertificate>> chain = certificates(files.certificate, "client certificate");
    if (!chain) return chain.error();
    const Result<QSslKey> key = privateKey(files.key.isEmpty() ? files.certificate : files.key);
    if (!key) return key.error();
    configuration.setLocalCertificateChain(*chain);
    configuration.setPrivateKey(*key);
  }
  return configuration;
}

Error certificateError(const QString& endpoint, const QString& name, const QList<QSslError>& causes, const QSslCertificate& certificate) {
  const auto heaviest = std::min_element(causes.begin(), causes.end(), [](const QSslError& a, const QSslError& b) {
    return weight(a.error()) < weight(b.error());
  });
  QStringList lines;
  for (const QSslError& cause : causes) lines += printable(cause.errorString());
  lines.removeDuplicates();
  if (!certificate.isNull()) lines += describeCertificate(certificate);
  return fail(Error::Kind::Tls, sentence(endpoint, name, *heaviest, certificate), lines.join(QLatin1Char('\n')));
}

QString describeCertificate(const QSslCertificate& certificate) {
  if (certificate.isNull()) return {};
  return QStringList{QStringLiteral("Subject: %1").arg(printable(certificate.subjectDisplayName())),
                     QStringLiteral("Alternative names: %1").arg(names(certificate)),
                     QStringLiteral("Issuer: %1").arg(printable(certificate.issuerDisplayName())),
                     QStringLiteral("Valid: %1 to %2").arg(minute(certificate.effectiveDate()), minute(certificate.expiryDate())),
                     QStringLiteral("SHA-256: %1").arg(QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':')))}
      .join(QLatin1Char('\n'));
}

}  // namespace cachedeck
