// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/http_link.h"

#include "core/base/clock.h"

#include <QList>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace cachedeck::traffic {

using namespace std::chrono_literals;

namespace {

constexpr qsizetype mostHead = 64 * 1024, mostBody = 16 * 1024 * 1024;

/// What the head of an answer says.
struct Head {
  int status = 0;
  qsizetype length = -1;  // of the body; -1: not told
  bool close = false;
};

std::optional<Head> readHead(const QByteArray& text) {
  if (!text.startsWith("HTTP/1.1 ")) return {};
  Head head{text.mid(9, 3).toInt()};
  const QList<QByteArray> lines = text.split('\n');
  for (const QByteArray& line : lines) {
    const qsizetype colon = line.indexOf(':');
    const QByteArray name = line.left(colon).toLower(), value = line.mid(colon + 1).trimmed();
    bool isNumber = true;
    if (name == "content-length") head.length = value.toLongLong(&isNumber);
    if (name == "connection") head.close = value.toLower() == "close";
    if (!isNumber) return {};
  }
  if (head.status == 204) head.length = 0;
  if (head.status < 200 || head.length < 0 || head.length > mostBody) return {};
  return head;
}

QByteArray written(const Request& request, const QByteArray& more) {
  QByteArray text = request.method;
  text += ' ' + request.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more;
  if (!request.body.isEmpty())
    text += "Content-Type: application/json\r\nContent-Length: " + QByteArray::number(request.body.size()) + "\r\n";
  return text + "\r\n" + request.body;
}

}  // namespace

void HttpLink::close() {
  if (m_fd >= 0) ::close(std::exchange(m_fd, -1));
}

/// The service may have closed the link while nobody used it, by its end or by its time limit for idle ones.
bool HttpLink::stillThere() const {
  char byte;
  return m_fd >= 0 && ::recv(m_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool HttpLink::open() {
  if (stillThere()) return true;
  close();
  m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval sending{1, 0}, receiving{0, 100'000};  // connect() counts as sending; receive() looks at its stop token in between
  ::setsockopt(m_fd, SOL_SOCKET, SO_SNDTIMEO, &sending, sizeof sending);
  ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &receiving, sizeof receiving);
  const int on = 1;
  ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(m_port);
  if (::connect(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return true;
  close();
  return false;
}

std::optional<Reply> HttpLink::receive(std::stop_token stop) {
  const Deadline deadline(15s);
  QByteArray text;
  std::optional<Head> head;
  qsizetype body = -1;  // where it begins
  while (!head || text.size() - body < head->length) {
    char chunk[16 * 1024];
    const ssize_t got = ::recv(m_fd, chunk, sizeof chunk, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) return {};
    if (got < 0 && (stop.stop_requested() || deadline.expired())) return {};
    if (got < 0) continue;
    text.append(chunk, got);
    if (head) continue;
    const qsizetype end = text.indexOf("\r\n\r\n");
    if (end < 0 && text.size() < mostHead) continue;
    if (end < 0 || !(head = readHead(text.left(end)))) return {};
    body = end + 4;
  }
  if (head->close || text.size() - body > head->length) close();
  return Reply{head->status, text.mid(body, head->length)};
}

std::optional<Reply> HttpLink::ask(const Request& request, const QByteArray& more, std::stop_token stop) {
  if (stop.stop_requested() || !open()) return {};
  const QByteArray text = written(request, more);
  std::optional<Reply> reply;
  if (::send(m_fd, text.constData(), static_cast<size_t>(text.size()), MSG_NOSIGNAL) == text.size()) reply = receive(stop);
  if (!reply) close();  // a late answer would be taken for that of the next request
  return reply;
}

}  // namespace cachedeck::traffic
