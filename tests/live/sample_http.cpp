// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_http.h"

#include <QJsonDocument>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cachedeck::test {

QByteArray HttpAnswer::header(const QByteArray& name) const {
  for (const auto& [its, value] : headers)
    if (its == name) return value;
  return {};
}

QJsonObject HttpAnswer::json() const { return QJsonDocument::fromJson(body).object(); }

QByteArray HttpAnswer::shown() const { return QByteArray::number(status) + ' ' + body.left(300); }

HttpLink::HttpLink(quint16 port) {
  m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{60, 0};
  setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
  ::close(m_socket);
  m_socket = -1;
}

HttpLink::~HttpLink() {
  if (m_socket >= 0) ::close(m_socket);
}

bool HttpLink::send(const QByteArray& bytes) {
  for (qsizetype at = 0; at < bytes.size();) {
    const ssize_t sent = ::send(m_socket, bytes.constData() + at, static_cast<size_t>(bytes.size() - at), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    at += sent;
  }
  return true;
}

void HttpLink::finish() { ::shutdown(m_socket, SHUT_WR); }

bool HttpLink::more() {
  char buffer[16384];
  const ssize_t got = ::recv(m_socket, buffer, sizeof buffer, 0);
  if (got > 0) m_buffer.append(buffer, got);
  return got > 0;
}

HttpAnswer HttpLink::receive(bool withoutBody) {
  qsizetype end;
  while ((end = m_buffer.indexOf("\r\n\r\n")) < 0)
    if (!more()) return {};
  HttpAnswer answer;
  const QList<QByteArray> lines = m_buffer.left(end).replace("\r\n", "\n").split('\n');
  m_buffer.remove(0, end + 4);
  for (const QByteArray& line : lines.mid(1)) {
    const qsizetype colon = line.indexOf(':');
    answer.headers.emplace_back(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
  }
  const int status = lines.value(0).split(' ').value(1).toInt();
  if (status == 100) return receive(withoutBody);
  const qsizetype size = withoutBody || status == 204 ? 0 : answer.header("content-length").toLongLong();
  while (m_buffer.size() < size)
    if (!more()) return {};
  answer.body = m_buffer.left(size);
  m_buffer.remove(0, size);
  answer.status = status;
  return answer;
}

HttpAnswer HttpLink::request(const QByteArray& method, const QByteArray& target, const HttpHeaders& headers, const QByteArray& body) {
  QByteArray text = method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const QByteArray& header : headers) text += header + "\r\n";
  if (!body.isEmpty()) text += "Content-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n";
  if (!connected() || !send(text + "\r\n" + body)) return {};
  return receive(method == "HEAD");
}

bool HttpLink::closed() {
  char byte;
  const ssize_t got = m_buffer.isEmpty() ? ::recv(m_socket, &byte, 1, 0) : 1;
  return got == 0 || (got < 0 && errno == ECONNRESET);
}

HttpAnswer httpRequest(quint16 port, const QByteArray& method, const QByteArray& target, const HttpHeaders& headers, const QByteArray& body) {
  HttpLink link(port);
  return link.request(method, target, headers, body);
}

}  // namespace cachedeck::test
