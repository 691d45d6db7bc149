// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_wait.h"

#include <fcntl.h>
#include <linux/tcp.h>  // the C library's tcp_info lacks tcpi_bytes_received
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace cachedeck {

namespace {

/// Of a TCP connection since it began; nothing for other sockets.
std::optional<quint64> bytesReceived(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return info.tcpi_bytes_received;
}

}  // namespace

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

FloodGuard::FloodGuard(int socket, quint64 limit) {
  const auto received = bytesReceived(socket);
  if (!received) return;
  m_socket = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  try {
    m_thread = std::jthread([this, end = *received + limit](const std::stop_token& stop) { watch(end, stop); });
  } catch (const std::system_error&) {
    // No thread to be had: the deadline alone bounds the flood.
  }
}

FloodGuard::~FloodGuard() {
  m_thread.request_stop();
  if (m_thread.joinable()) m_thread.join();
  if (m_socket >= 0) close(m_socket);
}

void FloodGuard::watch(quint64 end, const std::stop_token& stop) {
  std::unique_lock lock(m_mutex);
  while (!stop.stop_requested()) {
    if (bytesReceived(m_socket).value_or(0) > end) {
      m_hasCut = true;
      shutdown(m_socket, SHUT_RDWR);
      return;
    }
    m_wake.wait_for(lock, stop, std::chrono::milliseconds(2), [] { return false; });
  }
}

}  // namespace cachedeck
