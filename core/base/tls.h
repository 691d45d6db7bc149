// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QList>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>

namespace cachedeck {

/// The PEM files of a TLS connection; empty ones are left out.
struct TlsFiles {
  QString authority;    ///< whom to trust instead of the system's authorities
  QString certificate;  ///< the client's chain
  QString key;          ///< the client's key, without a passphrase; empty = in the certificate's file
};

/// TLS 1.2 and later, the peer and its name verified. Errors name the file that cannot be read or used.
Result<QSslConfiguration> tlsConfiguration(const TlsFiles& files);

/// Why a server's certificate is refused: the sentence of the weightiest cause; all causes and the certificate in the
/// detail. `name` is the host name that was asked for. `causes` is not empty.
Error certificateError(const QString& endpoint, const QString& name, const QList<QSslError>& causes, const QSslCertificate& certificate);

/// Names, issuer, dates and SHA-256 digest, a line each; empty for a null certificate.
QString describeCertificate(const QSslCertificate& certificate);

}  // namespace cachedeck
