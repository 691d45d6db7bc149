// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_errors.h"
#include "core/cacheaside/redis_link.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace cachedeck::cacheaside {

namespace {

void setOption(int fd, int level, int name, int value) { ::setsockopt(fd, level, name, &value, sizeof value); }

/// For how long recv() blocks at most.
void setTimeout(int fd, std::chrono::milliseconds timeout) {
  timeval value{};
  value.tv_sec = static_cast<time_t>(timeout.count() / 1000);
  value.tv_usec = static_cast<suseconds_t>(timeout.count() % 1000 * 1000);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value);
}

void tune(int fd, int family) {
  if (family == AF_UNIX) return;
  setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  // A peer that vanished without a word is noticed: idle within 11 s, while it owes an acknowledgement within 10 s.
  setOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, 5);
  setOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, 2);
  setOption(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
  setOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 10'000);
}

/// 0 when `fd` is connected, else the error.
int finishConnecting(int fd, Time deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return ETIMEDOUT;
    pollfd item{fd, POLLOUT, 0};
    const int ready = ::poll(&item, 1, static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return errno;
    if (ready <= 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
  }
}

/// A connected socket that blocks, or -1 and the error.
int connected(const Address& address, Time deadline, int& error) {
  const int family = address.bytes.ss_family;
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    error = errno;
    return -1;
  }
  tune(fd, family);
  error = ::connect(fd, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) == 0 ? 0 : errno;
  if (error == EINPROGRESS || error == EINTR) error = finishConnecting(fd, deadline);
  int off = 0;
  if (error == 0 && ::ioctl(fd, FIONBIO, &off) == 0) return fd;
  if (error == 0) error = errno;
  ::close(fd);
  return -1;
}

Failure connectFailure(const std::string& place, int error) {
  if (error == 0)
    return {Failure::Kind::Unavailable, "The name of Redis at " + place + " could not be looked up. Check the host name and the name server."};
  if (error == ETIMEDOUT || error == EAGAIN)  // EAGAIN: a Unix socket with a full queue
    return {Failure::Kind::Timeout,
            "Redis at " + place + " could not be reached in time. Check the address, the network and that Redis is not overloaded."};
  const std::string reason = std::generic_category().message(error);
  return {Failure::Kind::Unavailable, "Redis at " + place + " cannot be connected to (" + reason + "). Check that it runs and the address."};
}

}  // namespace

RedisLink::RedisLink(int fd, std::chrono::milliseconds timeout) : m_fd(fd) { setTimeout(fd, timeout); }

Outcome<std::unique_ptr<RedisLink>> RedisLink::open(const RedisSettings& settings, std::span<const Address> addresses, Time connectBy,
                                                    Time deadline) {
  int error = 0;
  for (const Address& address : addresses) {
    const int fd = connected(address, std::min(connectBy, deadline), error);
    if (fd < 0) continue;
    std::unique_ptr<RedisLink> link(new RedisLink(fd, std::max(settings.commandTimeout, std::chrono::milliseconds(1))));
    if (Outcome<void> result = link->logIn(settings, deadline); !result) return result.error();
    return link;
  }
  return connectFailure(placeOf(settings), error);
}

Outcome<void> RedisLink::logIn(const RedisSettings& settings, Time deadline) {
  std::vector<std::string_view> asked;
  const auto ask = [&](std::initializer_list<std::string_view> parts) {
    add(parts);
    asked.push_back(*parts.begin());
  };
  const std::string database = std::to_string(settings.database);
  if (!settings.user.empty())
    ask({"AUTH", settings.user, settings.password});
  else if (!settings.password.empty())
    ask({"AUTH", settings.password});
  if (settings.database != 0) ask({"SELECT", database});
  ask({"CLIENT", "SETNAME", "cachedeck-app"});
  ask({"PING"});

  const std::string place = placeOf(settings);
  Status status = send(deadline);
  if (status == Status::Closed) status = Status::Done;  // a server that is full says so before it closes: that is still to be read
  for (const std::string_view command : asked) {
    Reply reply;
    if (status == Status::Done) status = receive(reply, deadline);
    if (status != Status::Done) return linkFailure(place, status);
    if (!reply.isError()) continue;
    Refusal refused = refusal(place, command, reply.text);
    // A user who may not set a name or PING may still read and write.
    if (refused.away || (command != "CLIENT" && command != "PING")) return std::move(refused.failure);
  }
  return {};
}

}  // namespace cachedeck::cacheaside
