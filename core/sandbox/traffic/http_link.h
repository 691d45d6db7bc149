// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>
#include <stop_token>

namespace cachedeck::traffic {

/// A request to the sample service; the path is encoded as it goes over the wire.
struct Request {
  const char* method = "GET";
  QByteArray path;
  QByteArray body;  ///< JSON, or nothing
};

struct Reply {
  int status = 0;
  QByteArray body;
};

/// One kept-alive HTTP/1.1 connection to our own service on 127.0.0.1, for one thread; opened when first needed and after
/// each loss. It takes a tenth of what a general client costs, and understands just what our service sends: bodies with
/// Content-Length. Nothing blocks for long after stop is requested, even when the service is stopped.
class HttpLink {
 public:
  explicit HttpLink(quint16 port) : m_port(port) {}
  ~HttpLink() { close(); }
  HttpLink(const HttpLink&) = delete;
  HttpLink& operator=(const HttpLink&) = delete;

  /// The answer, of whatever status; nothing when no whole one came within 15 s. `more` are header lines, each with its CRLF.
  std::optional<Reply> ask(const Request& request, const QByteArray& more, std::stop_token stop);
  void close();

 private:
  bool open();
  bool stillThere() const;
  std::optional<Reply> receive(std::stop_token stop);

  const quint16 m_port;
  int m_fd = -1;
};

}  // namespace cachedeck::traffic
