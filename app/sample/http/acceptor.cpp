// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/acceptor.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace cachedeck::sample {

using cacheaside::Failure;
using cacheaside::Outcome;
using namespace std::chrono_literals;

namespace {

std::string shown(const std::string& host, unsigned port) {
  const bool six = host.find(':') != std::string::npos;
  return (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Failure failed(const std::string& what) { return Failure{Failure::Kind::Unavailable, what + ": " + std::strerror(errno) + "."}; }

unsigned portOf(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return address.ss_family == AF_INET6 ? ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port)
                                       : ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(m_number, other.m_number);
  return *this;
}

Descriptor::~Descriptor() {
  if (m_number >= 0) ::close(m_number);
}

Outcome<ListenSocket> ListenSocket::bind(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (code != 0) return Failure{Failure::Kind::Usage, "Cannot listen on \"" + host + "\": " + gai_strerror(code) + "."};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, &freeaddrinfo);
  Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.number() < 0) return failed("No socket for " + shown(host, port));
  const int yes = 1;
  setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.number(), found->ai_addr, found->ai_addrlen) != 0) return failed("Cannot listen on " + shown(host, port));
  std::string address = shown(host, portOf(socket.number()));
  return ListenSocket(std::move(socket), std::move(address));
}

Outcome<void> ListenSocket::listen() {
  if (::listen(m_socket.number(), 1024) != 0) return failed("Cannot listen on " + m_address);
  return {};
}

Acceptor::Acceptor(ListenSocket socket, Take take)
    : m_socket(std::move(socket)), m_take(std::move(take)), m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), m_thread([this] { run(); }) {}

Acceptor::~Acceptor() { eventfd_write(m_wake.number(), 1); }

void Acceptor::run() {
  pollfd watched[] = {{m_socket.descriptor(), POLLIN, 0}, {m_wake.number(), POLLIN, 0}};
  for (;;) {
    if (poll(watched, 2, -1) < 0 && errno != EINTR) return;
    const bool calm = acceptAll();
    if (watched[1].revents != 0) return;
    // Out of descriptors: those that wait stay in the kernel's queue until some come free.
    if (!calm) poll(&watched[1], 1, 50);
  }
}

// False when one waits that could not be accepted.
bool Acceptor::acceptAll() {
  for (;;) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int descriptor = accept4(m_socket.descriptor(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor >= 0)
      m_take(descriptor, reinterpret_cast<sockaddr*>(&address), size);
    else if (errno != EINTR && errno != ECONNABORTED)
      return errno == EAGAIN || errno == EWOULDBLOCK;
  }
}

}  // namespace cachedeck::sample
