// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/http/http_settings.h"
#include "tests/support/hostile_server.h"

#include <mutex>
#include <utility>

namespace cachedeck::test {

/// The bytes of an HTTP/1.1 answer. `more` are further header lines, each with its CRLF.
inline QByteArray httpAnswer(const QByteArray& status, const QByteArray& type, const QByteArray& body, const QByteArray& more = {}) {
  QByteArray head = "HTTP/1.1 " + status + "\r\n" + more;
  if (!type.isEmpty()) head += "Content-Type: " + type + "\r\n";
  return head + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

/// An HTTP server of which the test writes every answer; it keeps the requests.
class ScriptedHttp {
 public:
  /// `answer(request)` gives the whole bytes of the answer, on the server's thread.
  explicit ScriptedHttp(std::function<QByteArray(const QByteArray&)> answer, bool closes = false)
      : m_server([this, answer = std::move(answer), closes](const QByteArray& received, int turn) -> HostileAnswer {
          m_pending = turn < 0 ? QByteArray() : m_pending + received;
          if (turn < 0 || waitsForBody(m_pending)) return {};
          const QByteArray request = std::exchange(m_pending, {});
          {
            const std::lock_guard lock(m_mutex);
            m_requests += request;
          }
          return {answer(request), closes};
        }) {}

  quint16 port() const { return m_server.port(); }
  int connections() const { return m_server.connections(); }
  QList<QByteArray> requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
  }
  HttpSettings settings(const QString& prefix = {}) const {
    HttpSettings settings;
    settings.base = QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(port()).arg(prefix));
    return settings;
  }

 private:
  static bool waitsForBody(const QByteArray& request) {
    if (!request.startsWith("POST ") && !request.startsWith("PUT ")) return false;
    const qsizetype head = request.indexOf("\r\n\r\n"), length = request.toLower().indexOf("\r\ncontent-length:");
    return head < 0 || (length >= 0 && request.size() < head + 4 + request.mid(length + 17, request.indexOf("\r\n", length + 2) - length - 17).trimmed().toLongLong());
  }

  QByteArray m_pending;  // of the one connection that a client has at a time; on the server's thread
  mutable std::mutex m_mutex;
  QList<QByteArray> m_requests;
  HostileServer m_server;  // last: its thread uses what stands above
};

}  // namespace cachedeck::test
