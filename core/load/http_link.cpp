// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/http_link.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace cachedeck::load {

namespace {

bool isLocalLimit(int error) { return error == EMFILE || error == ENFILE || error == EADDRNOTAVAIL || error == ENOBUFS || error == ENOMEM; }

std::string words(int error) {
  switch (error) {
    case EMFILE:
    case ENFILE: return "this process may open no more sockets (ulimit -n)";
    case EADDRNOTAVAIL: return "this machine has no more free ports to that address";
    default: return std::strerror(error);
  }
}

}  // namespace

void HttpLink::send(const Endpoint& endpoint, const Request& request) {
  m_request = request;
  m_busy = true;
  m_sent = 0;
  m_answer.begin(request.toHead, request.keepAnswer);
  if (m_phase == Phase::Open && m_endpoint == &endpoint) {
    m_reused = true;
    write();
    return;
  }
  if (m_phase != Phase::None) {
    close();
    m_busy = true;
  }
  m_endpoint = &endpoint;
  m_address = 0;
  m_reused = false;
  connect();
}

void HttpLink::close() {
  m_busy = false;
  m_phase = Phase::None;
  m_ssl.reset();
  if (m_fd < 0) return;
  m_shared.loop.forget(m_fd);
  ::close(m_fd);
  m_fd = -1;
}

void HttpLink::want(std::uint32_t events) {
  if (events == m_wanted) return;
  m_wanted = events;
  m_shared.loop.change(m_fd, events, *this);
}

void HttpLink::connect() {
  const Address& address = m_endpoint->addresses[m_address];
  m_fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (m_fd < 0) return connectNext(errno);
  const int on = 1;
  setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  m_phase = Phase::Connecting;
  m_wanted = EPOLLOUT;
  const int done = ::connect(m_fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size);
  if (done != 0 && errno != EINPROGRESS) return connectNext(errno);
  m_shared.loop.watch(m_fd, EPOLLOUT, *this);
}

void HttpLink::connectNext(int error) {
  const bool local = isLocalLimit(error);
  if (m_fd >= 0) {
    close();
    m_busy = true;
  }
  if (!local && ++m_address < m_endpoint->addresses.size()) return connect();
  broken(local ? FailureKind::LocalLimit : FailureKind::Connect, words(error));
}

void HttpLink::ready(std::uint32_t events) {
  if (m_fd < 0) return;  // closed earlier in the same turn
  switch (m_phase) {
    case Phase::None: break;
    case Phase::Connecting: {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) return connectNext(error);
      if (!(events & (EPOLLOUT | EPOLLHUP | EPOLLERR))) return;
      if (m_endpoint->origin.tls) {
        m_ssl = m_shared.tls->open(m_fd, m_endpoint->origin.host);
        m_phase = Phase::Handshake;
        return shake();
      }
      m_phase = Phase::Open;
      write();
      break;
    }
    case Phase::Handshake: shake(); break;
    case Phase::Open:
      if (m_busy && m_sent < m_request.bytes.size() && (events & EPOLLOUT)) write();
      else read();
      break;
  }
}

void HttpLink::shake() {
  ERR_clear_error();
  const int done = SSL_do_handshake(m_ssl.get());
  if (done == 1) {
    m_phase = Phase::Open;
    return write();
  }
  const int why = SSL_get_error(m_ssl.get(), done);
  if (why == SSL_ERROR_WANT_READ) return want(EPOLLIN);
  if (why == SSL_ERROR_WANT_WRITE) return want(EPOLLOUT);
  broken(FailureKind::Tls, TlsClient::reason(m_ssl.get()));
}

long HttpLink::transmit(const char* data, std::size_t size, bool& again) {
  again = false;
  if (m_ssl) {
    ERR_clear_error();
    const int count = SSL_write(m_ssl.get(), data, static_cast<int>(size));
    if (count > 0) return count;
    const int why = SSL_get_error(m_ssl.get(), count);
    again = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    return -1;
  }
  const ssize_t count = ::send(m_fd, data, size, MSG_NOSIGNAL);
  again = count < 0 && (errno == EAGAIN || errno == EINTR);
  return count;
}

long HttpLink::receive(char* data, std::size_t size, bool& again) {
  again = false;
  if (m_ssl) {
    ERR_clear_error();
    const int count = SSL_read(m_ssl.get(), data, static_cast<int>(size));
    if (count > 0) return count;
    const int why = SSL_get_error(m_ssl.get(), count);
    again = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
  }
  const ssize_t count = ::recv(m_fd, data, size, 0);
  again = count < 0 && (errno == EAGAIN || errno == EINTR);
  return count;
}

void HttpLink::write() {
  while (m_sent < m_request.bytes.size()) {
    bool again = false;
    const long count = transmit(m_request.bytes.data() + m_sent, m_request.bytes.size() - m_sent, again);
    if (again) return want(EPOLLIN | EPOLLOUT);
    if (count < 0) return broken(FailureKind::Closed, "the connection broke while the request was sent");
    m_sent += static_cast<std::size_t>(count);
    m_bytesOut += static_cast<std::uint64_t>(count);
  }
  want(EPOLLIN);
}

void HttpLink::read() {
  std::vector<char>& buffer = m_shared.buffer;
  for (;;) {
    bool again = false;
    const long count = receive(buffer.data(), buffer.size(), again);
    if (again) return;
    if (!m_busy) return close();  // closed while nobody asked, or bytes that nobody asked for
    if (count <= 0) {
      if (m_answer.closed() == HttpAnswer::State::Done) return finish();
      return broken(m_answer.failure(), m_answer.reason());
    }
    m_bytesIn += static_cast<std::uint64_t>(count);
    const auto size = static_cast<std::size_t>(count);
    std::size_t used = 0;
    switch (m_answer.feed(buffer.data(), size, used)) {
      case HttpAnswer::State::Failed: return broken(m_answer.failure(), m_answer.reason());
      case HttpAnswer::State::Done:
        if (used < size) return broken(FailureKind::WrongLength, "more bytes than the answer's length");
        return finish();
      case HttpAnswer::State::More: break;
    }
    if (size < buffer.size() && !m_ssl) return;  // that was all there is
  }
}

void HttpLink::finish() {
  m_busy = false;
  if (!m_answer.keepsAlive() || m_sent < m_request.bytes.size()) close();
  m_owner.answered();
}

void HttpLink::broken(FailureKind kind, const std::string& reason) {
  const bool again = m_reused && m_request.repeatable && kind == FailureKind::Closed && !m_answer.hasBegun();
  close();
  if (again) {  // a server may close a kept connection at any time; that is no failure of the request
    m_reused = false;
    m_busy = true;
    m_sent = 0;
    m_address = 0;
    m_answer.begin(m_request.toHead, m_request.keepAnswer);
    return connect();
  }
  m_owner.failed(kind, reason);
}

}  // namespace cachedeck::load
