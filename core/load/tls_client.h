// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/load_run.h"

#include <memory>
#include <string>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace cachedeck::load {

struct SslEnd {
  void operator()(SSL* ssl) const;
  void operator()(SSL_CTX* context) const;
};
using SslPtr = std::unique_ptr<SSL, SslEnd>;

/// What all TLS links of a run share: TLS 1.2 and later, the authorities, sessions.
class TlsClient {
 public:
  static Expected<std::unique_ptr<TlsClient>, std::string> make(const TlsSettings& settings);
  /// A client's end on a connected socket, which has to be verified as `host`.
  SslPtr open(int fd, const std::string& host) const;
  /// What went wrong in the handshake, in words ("certificate has expired").
  static std::string reason(SSL* ssl);

 private:
  std::unique_ptr<SSL_CTX, SslEnd> m_context;
  bool m_verify = true;
};

}  // namespace cachedeck::load
