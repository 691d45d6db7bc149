// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_link.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>

namespace cachedeck::cacheaside {

namespace {

void appendNumber(std::string& out, char mark, std::size_t number) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out += mark;
  out.append(text.data(), end);
  out += "\r\n";
}

/// The usual case, without the general parser: the bytes are exactly one text, "$5\r\nhello\r\n", or nil.
bool readWhole(std::string_view bytes, Reply& reply) {
  if (bytes.size() < 5 || bytes[0] != '$') return false;
  if (bytes == "$-1\r\n") {
    reply.type = Reply::Type::Nil;
    return true;
  }
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(bytes.data() + 1, bytes.data() + bytes.size(), size);
  const auto header = static_cast<std::size_t>(end - bytes.data()) + 2;
  if (error != std::errc() || size > bytes.size() || header + size + 2 != bytes.size()) return false;
  if (bytes.substr(header - 2, 2) != "\r\n" || !bytes.ends_with("\r\n")) return false;
  reply.type = Reply::Type::Text;
  reply.text.assign(bytes.data() + header, size);
  return true;
}

RedisLink::Status statusOf(int error) {
  return error == EAGAIN || error == EWOULDBLOCK ? RedisLink::Status::TimedOut : RedisLink::Status::Closed;
}

constexpr std::size_t keptBuffer = 64 * 1024;

}  // namespace

RedisLink::~RedisLink() { ::close(m_fd); }

void RedisLink::add(std::span<const std::string_view> parts) {
  appendNumber(m_out, '*', parts.size());
  for (const std::string_view part : parts) {
    appendNumber(m_out, '$', part.size());
    m_out.append(part);
    m_out += "\r\n";
  }
}

RedisLink::Status RedisLink::await(short events, Time deadline) const {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return Status::TimedOut;
    pollfd item{m_fd, events, 0};
    const int ready = ::poll(&item, 1, static_cast<int>(std::min<long long>(left, std::numeric_limits<int>::max())));
    if (ready > 0) return Status::Done;
    if (ready < 0 && errno != EINTR) return Status::Closed;
  }
}

RedisLink::Status RedisLink::send(Time deadline) {
  std::string_view left = m_out;
  Status status = Status::Done;
  while (!left.empty()) {
    const ssize_t size = ::send(m_fd, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size >= 0) {
      m_sent = true;
      left.remove_prefix(static_cast<std::size_t>(size));
      continue;
    }
    if (errno == EINTR) continue;
    status = statusOf(errno);
    if (status == Status::TimedOut) {
      m_nearer = true;
      status = await(POLLOUT, deadline);
    }
    if (status != Status::Done) break;
  }
  m_out.clear();
  if (m_out.capacity() > keptBuffer) m_out.shrink_to_fit();
  return status;
}

RedisLink::Status RedisLink::receiveSome(Time deadline, std::string_view& bytes) {
  // An answer comes usually as one piece, after a short while: then one blocking call, bounded by SO_RCVTIMEO, is all it takes. Else poll()
  // keeps to the deadline.
  bool blocking = !m_nearer && !m_heard;
  while (true) {
    const ssize_t size = ::recv(m_fd, m_in.data(), m_in.size(), blocking ? 0 : MSG_DONTWAIT);
    if (size > 0) {
      m_heard = true;
      bytes = std::string_view(m_in.data(), static_cast<std::size_t>(size));
      return Status::Done;
    }
    if (size == 0) return Status::Closed;
    blocking = false;  // also after a signal: another blocking call would have the whole time once more
    if (errno == EINTR) continue;
    if (const Status status = statusOf(errno); status != Status::TimedOut) return status;
    if (const Status status = await(POLLIN, deadline); status != Status::Done) return status;
  }
}

RedisLink::Status RedisLink::receive(Reply& reply, Time deadline) {
  bool begun = !m_replies.drained();
  while (true) {
    if (begun) {
      const ReplyReader::Step step = m_replies.next(reply);
      if (step == ReplyReader::Step::Done) return Status::Done;
      if (step == ReplyReader::Step::Broken) return Status::Garbage;
    }
    std::string_view bytes;
    if (const Status status = receiveSome(deadline, bytes); status != Status::Done) return status;
    if (!begun && readWhole(bytes, reply)) return Status::Done;
    m_replies.feed(bytes.data(), bytes.size());
    begun = true;
  }
}

RedisLink::Status RedisLink::ask(std::initializer_list<std::string_view> parts, Reply& reply, Time deadline) {
  add(parts);
  const Status status = send(deadline);
  return status == Status::Done ? receive(reply, deadline) : status;
}

void RedisLink::finishSending() { ::shutdown(m_fd, SHUT_WR); }

bool RedisLink::awaitEnd(Time deadline) {
  std::string_view bytes;
  m_heard = true;  // from now on always with poll()
  while (std::chrono::steady_clock::now() < deadline) {
    const Status status = receiveSome(deadline, bytes);
    if (status != Status::Done) return status == Status::Closed;
  }
  return false;
}

void RedisLink::abort() {
  const linger now{1, 0};
  ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Failure linkFailure(const std::string& place, RedisLink::Status status) {
  const std::string subject = "Redis at " + place + " ";
  switch (status) {
    case RedisLink::Status::TimedOut:
      return {Failure::Kind::Timeout, subject + "did not answer in time. It hangs, is overloaded, or the link to it is broken."};
    case RedisLink::Status::Garbage:
      return {Failure::Kind::Unavailable, subject + "does not answer as Redis does. Check that the address is that of a Redis."};
    case RedisLink::Status::Stopped:
      return {Failure::Kind::Unavailable, subject + "went away before all was done. The rest is done when it is back."};
    default: return {Failure::Kind::Unavailable, subject + "ended the connection. It was stopped, restarted, or the link to it broke."};
  }
}

}  // namespace cachedeck::cacheaside
