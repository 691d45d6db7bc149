// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/redis_pipe.h"

#include "core/cacheaside/redis_backend.h"
#include "core/cacheaside/redis_errors.h"

#include <hiredis.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cachedeck::load {

using cacheaside::Reply;
using cacheaside::ReplyReader;

namespace {

constexpr std::size_t mostParts = 8, keptBuffer = 64 * 1024;

bool isLocalLimit(int error) { return error == EMFILE || error == ENFILE || error == EADDRNOTAVAIL || error == ENOBUFS || error == ENOMEM; }

int openSocket(int family) {
  const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (fd >= 0 && family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

void appendCommand(std::string& out, std::initializer_list<std::string_view> parts) {
  std::array<const char*, mostParts> texts{};
  std::array<std::size_t, mostParts> sizes{};
  std::size_t count = 0;
  for (const std::string_view part : parts) {
    texts.at(count) = part.data();
    sizes.at(count++) = part.size();
  }
  char* command = nullptr;
  const auto size = redisFormatCommandArgv(&command, static_cast<int>(count), texts.data(), sizes.data());
  if (size < 0) throw std::bad_alloc();
  out.append(command, static_cast<std::size_t>(size));
  redisFreeCommand(command);
}

RedisTarget::RedisTarget(const cacheaside::RedisSettings& settings, std::vector<cacheaside::Address> where) : place(cacheaside::placeOf(settings)), addresses(std::move(where)) {
  const auto greet = [this](std::initializer_list<std::string_view> parts) {
    appendCommand(greeting, parts);
    ++greetings;
  };
  if (!settings.user.empty()) greet({"AUTH", settings.user, settings.password});
  else if (!settings.password.empty()) greet({"AUTH", settings.password});
  if (settings.database != 0) greet({"SELECT", std::to_string(settings.database)});
  greet({"CLIENT", "SETNAME", "cachedeck-load"});
}

void RedisPipe::add(std::initializer_list<std::string_view> parts) {
  appendCommand(m_out, parts);
  ++m_commands;
}

void RedisPipe::send() {
  m_busy = true;
  m_heard = false;
  m_sent = 0;
  m_pending = m_commands;
  m_reused = m_phase == Phase::Open;
  if (m_reused) return write();
  m_address = 0;
  connect();
}

void RedisPipe::close() {
  m_busy = false;
  m_out.clear();
  m_commands = 0;
  m_phase = Phase::None;
  if (m_fd < 0) return;
  m_loop.forget(m_fd);
  ::close(m_fd);
  m_fd = -1;
}

void RedisPipe::connect() {
  const cacheaside::Address& address = m_target.addresses[m_address];
  m_fd = openSocket(address.bytes.ss_family);
  if (m_fd < 0) return connectNext(errno);
  m_phase = Phase::Connecting;
  m_wanted = EPOLLOUT;
  m_replies.emplace();
  const int done = ::connect(m_fd, reinterpret_cast<const sockaddr*>(&address.bytes), address.size);
  if (done != 0 && errno != EINPROGRESS) return connectNext(errno);
  m_loop.watch(m_fd, EPOLLOUT, *this);
}

void RedisPipe::connectNext(int error) {
  if (m_fd >= 0) {
    m_loop.forget(m_fd);
    ::close(m_fd);
    m_fd = -1;
  }
  m_phase = Phase::None;
  if (isLocalLimit(error)) return broken(FailureKind::LocalLimit, "this machine has no more sockets or ports (ulimit -n)");
  if (++m_address < m_target.addresses.size()) return connect();
  broken(FailureKind::Connect, "Redis at " + m_target.place + " cannot be connected to: " + std::strerror(error));
}

void RedisPipe::connected() {
  m_phase = Phase::Open;
  m_out.insert(0, m_target.greeting);
  m_greetings = m_target.greetings;
  write();
}

void RedisPipe::want(std::uint32_t events) {
  if (events == m_wanted) return;
  m_wanted = events;
  m_loop.change(m_fd, events, *this);
}

void RedisPipe::write() {
  while (m_sent < m_out.size()) {
    const ssize_t count = ::send(m_fd, m_out.data() + m_sent, m_out.size() - m_sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return want(EPOLLIN | EPOLLOUT);
    // What the server said before it closed ("max number of clients") is still to be read.
    if (count < 0) break;
    m_sent += static_cast<std::size_t>(count);
    m_bytesOut += static_cast<std::uint64_t>(count);
  }
  want(EPOLLIN);
}

void RedisPipe::ready(std::uint32_t events) {
  if (m_fd < 0) return;  // closed earlier in the same turn
  if (m_phase == Phase::Connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error != 0 ? connectNext(error) : connected();
  }
  if (m_busy && (events & EPOLLOUT)) write();
  if (events & ~std::uint32_t{EPOLLOUT}) read();
}

void RedisPipe::read() {
  std::vector<char>& buffer = m_target.buffer;
  for (;;) {
    const ssize_t count = ::recv(m_fd, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (!m_busy) return close();  // closed while nobody asked, or bytes that nobody asked for
    if (count <= 0) return broken(FailureKind::Redis, "Redis at " + m_target.place + " closed the connection");
    m_heard = true;
    m_bytesIn += static_cast<std::uint64_t>(count);
    const auto size = static_cast<std::size_t>(count);
    if (!take(buffer.data(), size) || size < buffer.size()) return;
  }
}

// False: the exchange is over.
bool RedisPipe::take(const char* bytes, std::size_t size) {
  m_replies->feed(bytes, size);
  for (;;) {
    switch (m_replies->next(m_reply)) {
      case ReplyReader::Step::More: return true;
      case ReplyReader::Step::Broken: broken(FailureKind::Redis, "Redis at " + m_target.place + " does not answer as Redis does"); return false;
      case ReplyReader::Step::Done: break;
    }
    if (m_greetings == 0 && --m_pending == 0) break;
    if (m_greetings > 0 && !greeted()) return false;
  }
  if (!m_replies->drained()) {
    broken(FailureKind::Redis, "Redis at " + m_target.place + " sent more than it was asked for");
    return false;
  }
  m_busy = false;
  m_out.clear();
  if (m_out.capacity() > keptBuffer) m_out.shrink_to_fit();
  m_commands = 0;
  m_owner.redisReplied(m_reply);
  return false;
}

// Of the greeting the last, the client's name, is good to have and no more: a user may not be allowed to set it.
bool RedisPipe::greeted() {
  const bool isName = --m_greetings == 0;
  if (!m_reply.isError()) return true;
  const cacheaside::Refusal refused = cacheaside::refusal(m_target.place, isName ? "CLIENT" : "AUTH", m_reply.text);
  if (isName && !refused.away) return true;
  broken(FailureKind::Redis, refused.failure.message);
  return false;
}

void RedisPipe::broken(FailureKind kind, const std::string& reason) {
  if (m_reused && !m_heard && kind == FailureKind::Redis) {  // a server may close a kept connection at any time; that is no failure of the exchange
    const int commands = m_commands;
    std::string out = std::move(m_out);
    close();
    m_out = std::move(out);
    m_commands = commands;
    return send();
  }
  close();
  m_owner.redisBroke(kind, reason);
}

}  // namespace cachedeck::load
