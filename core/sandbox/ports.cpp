// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/ports.h"

#include <QFile>
#include <QRandomGenerator>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cachedeck {

bool portIsFree(quint16 port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const int on = 1;  // as the servers do: connections that linger from an earlier run do not count
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(fd, 1) == 0;
  ::close(fd);
  return free;
}

static int firstOutgoingPort() {
  QFile file(QStringLiteral("/proc/sys/net/ipv4/ip_local_port_range"));
  const int first = file.open(QIODevice::ReadOnly) ? file.readAll().simplified().split(' ').value(0).toInt() : 0;
  return first > 12000 && first < 65536 ? first : 32768;
}

QList<quint16> freePorts(int count) {
  constexpr int lowest = 10240;
  const int end = firstOutgoingPort();
  QList<quint16> ports;
  for (int attempt = 0; attempt < 20000 && ports.size() < count; ++attempt) {
    const auto port = static_cast<quint16>(QRandomGenerator::global()->bounded(lowest, end));
    if (!ports.contains(port) && portIsFree(port)) ports.append(port);
  }
  return ports;
}

}  // namespace cachedeck
