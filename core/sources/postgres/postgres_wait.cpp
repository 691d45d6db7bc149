// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_wait.h"

#include <linux/tcp.h>  // the C library's tcp_info lacks tcpi_bytes_received
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace cachedeck {

SocketWaiter::SocketWaiter() : m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

SocketWaiter::~SocketWaiter() {
  if (m_wake >= 0) close(m_wake);
}

SocketWaiter::Outcome SocketWaiter::wait(int socket, short events, const Deadline& deadline, const std::stop_token& stop) {
  if (m_wake < 0 || socket < 0) return Outcome::Failed;
  const std::stop_callback wake(stop, [this] { eventfd_write(m_wake, 1); });
  for (;;) {
    if (stop.stop_requested()) return Outcome::Stopped;
    if (deadline.expired()) return Outcome::TimedOut;  // also when bytes keep dripping in
    pollfd sets[] = {{socket, events, 0}, {m_wake, POLLIN, 0}};
    const int ready = poll(sets, 2, deadline.remainingMs());
    if (ready < 0 && errno != EINTR) return Outcome::Failed;
    if (ready == 0) return Outcome::TimedOut;
    if (ready > 0 && (sets[0].revents & POLLNVAL)) return Outcome::Failed;
    if (ready > 0 && sets[0].revents) return stop.stop_requested() ? Outcome::Stopped : Outcome::Ready;
    eventfd_t left = 0;
    if (sets[1].revents) eventfd_read(m_wake, &left);  // of an earlier call's token
  }
}

quint64 bytesReceived(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received : 0;
}

void keepReceiveBufferSmall(int socket) {
  const int bytes = 32 << 10;
  setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

}  // namespace cachedeck
