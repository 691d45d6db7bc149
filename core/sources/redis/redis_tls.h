// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_options.h"

#include <QList>
#include <QSslConfiguration>
#include <QSslError>

namespace cachedeck {

/// TLS 1.2 and later, the peer and its name verified, with the files of the options. Errors name the file that cannot
/// be read or used.
Result<QSslConfiguration> redisTlsConfiguration(const RedisOptions& options);

/// Why a certificate is refused: the sentence of the weightiest cause; all causes, the certificate's SHA-256 digest and
/// its dates in the detail.
Error certificateError(const RedisOptions& options, const QList<QSslError>& causes, const QSslCertificate& certificate);

/// What a server's TLS alert, or OpenSSL's complaint about its bytes, means to an operator.
Error tlsAlertError(const RedisOptions& options, const QString& text);

}  // namespace cachedeck
