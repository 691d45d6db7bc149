// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/tls_client.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

namespace cachedeck::load {

void SslEnd::operator()(SSL* ssl) const { SSL_free(ssl); }
void SslEnd::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

Expected<std::unique_ptr<TlsClient>, std::string> TlsClient::make(const TlsSettings& settings) {
  auto client = std::make_unique<TlsClient>();
  client->m_context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const context = client->m_context.get();
  if (!context) return std::string("OpenSSL does not start.");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  client->m_verify = settings.verify;
  SSL_CTX_set_verify(context, settings.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (settings.caFile.empty()) SSL_CTX_set_default_verify_paths(context);
  else if (SSL_CTX_load_verify_locations(context, settings.caFile.c_str(), nullptr) != 1) {
    ERR_clear_error();
    return "The authorities cannot be read from " + settings.caFile + ". It has to be a PEM file.";
  }
  return client;
}

SslPtr TlsClient::open(int fd, const std::string& host) const {
  SslPtr ssl(SSL_new(m_context.get()));
  if (!ssl) return ssl;
  SSL_set_fd(ssl.get(), fd);
  in6_addr address{};
  const bool isAddress = inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1;
  if (!isAddress) SSL_set_tlsext_host_name(ssl.get(), host.c_str());
  if (m_verify) {
    if (isAddress) X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str());
    else SSL_set1_host(ssl.get(), host.c_str());
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::string TlsClient::reason(SSL* ssl) {
  const long verified = SSL_get_verify_result(ssl);
  const unsigned long code = ERR_peek_error();
  std::string text;
  if (verified != X509_V_OK) text = X509_verify_cert_error_string(verified);
  else if (code != 0 && ERR_reason_error_string(code)) text = ERR_reason_error_string(code);
  else text = "the server broke the handshake off";
  ERR_clear_error();
  return text;
}

}  // namespace cachedeck::load
