// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/http/http_tls.h"

#include "core/base/text.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

#include <algorithm>

namespace cachedeck {

namespace {

Result<QByteArray> contents(const QString& path, const char* what) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly))
    return fail(file.exists() ? Error::Kind::Io : Error::Kind::NotFound,
                QStringLiteral("The %1 file “%2” cannot be read: %3.").arg(QLatin1String(what), path, file.errorString()));
  return file.read(4 * 1024 * 1024);
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
  Result<QByteArray> pem = contents(path, "private key");
  if (!pem) return pem.error();
  QSslKey key;
  for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa})
    if (key.isNull()) key = QSslKey(*pem, algorithm, QSsl::Pem);
  wipe(*pem);
  if (key.isNull())
    return fail(Error::Kind::Usage,
                QStringLiteral("The private key file “%1” holds no PEM key without a passphrase.").arg(path));
  return key;
}

/// The cause a person should hear first when there are several.
int rank(QSslError::SslError error) {
  switch (error) {
    case QSslError::SelfSignedCertificate: return 0;
    case QSslError::CertificateExpired: return 1;
    case QSslError::CertificateNotYetValid: return 2;
    case QSslError::HostNameMismatch: return 4;
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::CertificateUntrusted: return 3;
    default: return 5;
  }
}

QString day(const QDateTime& time) { return time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm 'UTC'")); }

QString sentence(const QString& peer, const QString& host, const QSslError& error) {
  const QSslCertificate certificate = error.certificate();
  switch (rank(error.error())) {
    case 0:
      return QStringLiteral("The certificate of %1 is self-signed, so that nothing vouches for it. Enter that certificate as the CA file if you trust it.").arg(peer);
    case 1:
      return QStringLiteral("The certificate of %1 expired on %2. It has to be renewed on the server.").arg(peer, day(certificate.expiryDate()));
    case 2:
      return QStringLiteral("The certificate of %1 is not valid before %2. Check the clocks of both machines.").arg(peer, day(certificate.effectiveDate()));
    case 3:
      return QStringLiteral("The certificate of %1 comes from an authority that is not known here. Enter that authority's certificate as the CA file.").arg(peer);
    case 4:
      return QStringLiteral("The certificate of %1 is not for the name “%2”. Use a name that it lists.").arg(peer, host);
    default:
      return QStringLiteral("The certificate of %1 is refused: %2.").arg(peer, printable(error.errorString()));
  }
}

QString names(const QSslCertificate& certificate) {
  QStringList list;
  const auto alternatives = certificate.subjectAlternativeNames();
  for (const QString& name : alternatives) list += printable(name);
  return list.isEmpty() ? QStringLiteral("none") : list.join(QStringLiteral(", "));
}

QString description(const QList<QSslError>& errors) {
  QStringList lines;
  for (const QSslError& error : errors) lines += printable(error.errorString());
  const QSslCertificate certificate = errors.first().certificate();
  if (!certificate.isNull()) {
    lines += QStringLiteral("Subject: %1").arg(printable(certificate.subjectDisplayName()));
    lines += QStringLiteral("Alternative names: %1").arg(names(certificate));
    lines += QStringLiteral("Issuer: %1").arg(printable(certificate.issuerDisplayName()));
    lines += QStringLiteral("Valid: %1 to %2").arg(day(certificate.effectiveDate()), day(certificate.expiryDate()));
    lines += QStringLiteral("SHA-256: %1").arg(QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':')));
  }
  lines.removeDuplicates();
  return lines.join(QLatin1Char('\n'));
}

}  // namespace

Result<QSslConfiguration> tlsConfiguration(const HttpSettings& settings) {
  QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
  tls.setProtocol(QSsl::TlsV1_2OrLater);
  tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
  if (!settings.caFile.isEmpty()) {
    const Result<QList<QSslCertificate>> authorities = certificates(settings.caFile, "CA");
    if (!authorities) return authorities.error();
    tls.setCaCertificates(*authorities);
  }
  if (!settings.certificateFile.isEmpty()) {
    const Result<QList<QSslCertificate>> chain = certificates(settings.certificateFile, "client certificate");
    if (!chain) return chain.error();
    const Result<QSslKey> key = privateKey(settings.keyFile.isEmpty() ? settings.certificateFile : settings.keyFile);
    if (!key) return key.error();
    tls.setLocalCertificateChain(*chain);
    tls.setPrivateKey(*key);
  }
  return tls;
}

Error tlsError(const QUrl& url, const QList<QSslError>& errors) {
  QList<QSslError> ranked = errors;
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const QSslError& a, const QSslError& b) { return rank(a.error()) < rank(b.error()); });
  return fail(Error::Kind::Tls, sentence(endpointOf(url), url.host(), ranked.first()), description(ranked));
}

}  // namespace cachedeck
