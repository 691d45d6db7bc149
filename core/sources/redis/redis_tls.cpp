// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_tls.h"

#include "core/base/text.h"

namespace cachedeck {

Error tlsAlertError(const RedisOptions& options, const QString& text) {
  const QString endpoint = options.endpoint();
  const QString detail = printable(text);
  const auto says = [&](const char* words) { return text.contains(QLatin1String(words), Qt::CaseInsensitive); };
  const bool hasCertificate = !options.certificateFile.isEmpty();
  if (says("certificate required") || (says("handshake failure") && !hasCertificate))
    return fail(Error::Kind::Tls, QStringLiteral("%1 needs a client certificate, and none is set. Enter the client certificate and its key.").arg(endpoint), detail);
  if (hasCertificate && (says("unknown ca") || says("bad certificate") || says("certificate expired") || says("certificate unknown") || says("handshake failure")))
    return fail(Error::Kind::Tls, QStringLiteral("%1 does not accept the client certificate. Use one from the authority that the server trusts (tls-ca-cert-file).").arg(endpoint), detail);
  if (says("protocol version") || says("unsupported protocol"))
    return fail(Error::Kind::Tls, QStringLiteral("%1 speaks only TLS versions before 1.2, which are not safe. Let the server offer TLS 1.2 or 1.3 (tls-protocols).").arg(endpoint), detail);
  if (says("wrong version number") || says("packet length too long") || says("http request"))
    return fail(Error::Kind::Tls, QStringLiteral("%1 does not answer in TLS. Is this the TLS port of Redis? For a plain port turn TLS off.").arg(endpoint), detail);
  return fail(Error::Kind::Tls, QStringLiteral("The TLS connection to %1 failed: %2.").arg(endpoint, detail));
}

}  // namespace cachedeck
