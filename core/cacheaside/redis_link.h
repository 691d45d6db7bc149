// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/redis_address.h"
#include "core/cacheaside/redis_reply.h"

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

namespace cachedeck::cacheaside {

/// One blocking connection to Redis, for one thread at a time. hiredis parses; connecting, sending and receiving are our own, since hiredis 0.14
/// writes without MSG_NOSIGNAL and has no deadline for a whole reply.
class RedisLink {
 public:
  enum class Status {
    Done,
    Closed,    ///< the server, or something on the way, ended the connection
    TimedOut,  ///< not done by the deadline
    Garbage,   ///< what came is not Redis's protocol
    Stopped,   ///< the caller did not want to go on
  };

  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  /// Connected to the first of the addresses that answers, logged in, database selected; Redis has answered a PING. `connectBy` bounds the
  /// connection, `deadline` everything.
  static Outcome<std::unique_ptr<RedisLink>> open(const RedisSettings& settings, std::span<const Address> addresses, Time connectBy, Time deadline);

  /// Puts a command at the end of what send() sends.
  void add(std::initializer_list<std::string_view> parts) { add(std::span(parts.begin(), parts.size())); }
  void add(std::span<const std::string_view> parts);
  Status send(Time deadline);
  /// The next reply, in the order of the commands.
  Status receive(Reply& reply, Time deadline);
  /// One command and its reply.
  Status ask(std::initializer_list<std::string_view> parts, Reply& reply, Time deadline);

  /// A new lease: the link was used before and waited idle.
  void reuse() { m_nearer = m_heard = m_sent = false; }
  bool heard() const { return m_heard; }  ///< any byte came since then
  bool sent() const { return m_sent; }    ///< any byte went since then
  /// True when nothing is left over: the link may be used again.
  bool clean() const { return m_replies.drained() && m_out.empty(); }

  /// Says that nothing more will be sent. What arrived is still carried out by Redis; then it ends the connection.
  void finishSending();
  /// Waits for that end. False when it did not come by the deadline.
  bool awaitEnd(Time deadline);
  /// Ends the connection at once, without what is still in the send buffer.
  void abort();

 private:
  RedisLink(int fd, std::chrono::milliseconds timeout);
  Outcome<void> logIn(const RedisSettings& settings, Time deadline);
  Status receiveSome(Time deadline, std::string_view& bytes);
  Status await(short events, Time deadline) const;

  const int m_fd;
  bool m_nearer = true;  // the deadline may be nearer than the socket's own timeout: new links, and those that had to wait already
  bool m_heard = false, m_sent = false;
  std::string m_out;
  ReplyReader m_replies;
  std::array<char, 16 * 1024> m_in;  // one page of SCAN, most values
};

/// The failure of a link that ended with `status`, in a sentence.
Failure linkFailure(const std::string& place, RedisLink::Status status);

}  // namespace cachedeck::cacheaside
