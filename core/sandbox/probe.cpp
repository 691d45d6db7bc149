// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace cachedeck {
namespace {

class Link {
 public:
  explicit Link(quint16 port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{0, 500'000};
    ::setsockopt(m_fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);  // of connect() too
    ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    m_connected = ::connect(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Link() { ::close(m_fd); }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  bool connected() const { return m_connected; }
  /// The first bytes of the answer.
  QByteArray ask(const QByteArray& question) const {
    if (!m_connected || ::send(m_fd, question.constData(), static_cast<size_t>(question.size()), MSG_NOSIGNAL) < 0) return {};
    char buffer[512];
    const ssize_t got = ::recv(m_fd, buffer, sizeof buffer, 0);
    return got > 0 ? QByteArray(buffer, got) : QByteArray();
  }

 private:
  int m_fd;
  bool m_connected = false;
};

}  // namespace

bool acceptsTcp(quint16 port) { return Link(port).connected(); }

int httpStatus(quint16 port, const QByteArray& path) {
  const QByteArray answer = Link(port).ask("GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
  return answer.startsWith("HTTP/1.") ? answer.mid(9, 3).toInt() : 0;
}

bool redisAnswers(quint16 port) {
  const QByteArray answer = Link(port).ask("PING\r\n");
  return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
}

bool redisTakesLeave(quint16 port) { return Link(port).ask("QUIT\r\n").startsWith("+OK"); }

bool postgresAnswers(quint16 port) {
  // StartupMessage, protocol 3.0; the answer's first byte is R (authenticate) or E (error).
  QByteArray body("\0\3\0\0user\0probe\0database\0postgres\0\0", 34);
  QByteArray message(4, '\0');
  message[3] = static_cast<char>(body.size() + 4);
  const QByteArray answer = Link(port).ask(message + body);
  return !answer.isEmpty() && !answer.contains("57P03");
}

}  // namespace cachedeck
