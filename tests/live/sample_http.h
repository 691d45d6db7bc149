// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>

#include <utility>

namespace cachedeck::test {

/// One answer as it came. Status 0: none came, or it broke off.
struct HttpAnswer {
  int status = 0;
  QList<std::pair<QByteArray, QByteArray>> headers;  ///< names in lower case
  QByteArray body;

  QByteArray header(const QByteArray& name) const;
  QJsonObject json() const;  ///< empty when the body is no JSON object
  /// For QVERIFY2.
  QByteArray shown() const;
};

using HttpHeaders = QList<QByteArray>;  ///< "Name: value"

/// A connection to 127.0.0.1 that keeps alive and hides nothing: bytes can be sent as they are. Blocking, a minute at most.
class HttpLink {
 public:
  explicit HttpLink(quint16 port);
  ~HttpLink();
  HttpLink(const HttpLink&) = delete;
  HttpLink& operator=(const HttpLink&) = delete;

  bool connected() const { return m_socket >= 0; }
  /// False when not everything could be sent.
  bool send(const QByteArray& bytes);
  /// Nothing more will be sent.
  void finish();
  HttpAnswer receive(bool withoutBody = false);
  HttpAnswer request(const QByteArray& method, const QByteArray& target, const HttpHeaders& headers = {}, const QByteArray& body = {});
  /// Waits until the server has closed the connection; false when it sends something or does nothing.
  bool closed();

 private:
  bool more();
  int m_socket = -1;
  QByteArray m_buffer;
};

/// One request on a connection of its own.
HttpAnswer httpRequest(quint16 port, const QByteArray& method, const QByteArray& target, const HttpHeaders& headers = {}, const QByteArray& body = {});

}  // namespace cachedeck::test
