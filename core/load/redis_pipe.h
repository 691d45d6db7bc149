// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/redis_address.h"
#include "core/cacheaside/redis_reply.h"
#include "core/load/figures.h"
#include "core/load/loop.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::load {

/// What all pipes to one Redis share.
struct RedisTarget {
  RedisTarget(const cacheaside::RedisSettings& settings, std::vector<cacheaside::Address> where);

  const std::string place;  ///< "host:port", for messages
  const std::vector<cacheaside::Address> addresses;
  std::string greeting;     ///< what is sent first: AUTH, SELECT, CLIENT SETNAME
  int greetings = 0;        ///< how many commands that is
  std::vector<char> buffer = std::vector<char>(64 * 1024);  ///< read into and parsed at once, so one is enough
};

/// One kept connection to Redis on the loop, with one exchange on its way at most. Connects when the first is sent, and again after a close. Without TLS, which
/// hiredis 0.14 does not have. Replies are read by ReplyReader, which bounds their size.
class RedisPipe : public Loop::Watcher {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void redisReplied(const cacheaside::Reply& reply) = 0;
    /// The pipe is closed. May come from inside send().
    virtual void redisBroke(FailureKind kind, const std::string& reason) = 0;
  };
  RedisPipe(Loop& loop, RedisTarget& target, Owner& owner) : m_loop(loop), m_target(target), m_owner(owner) {}
  ~RedisPipe() override { close(); }
  RedisPipe(const RedisPipe&) = delete;
  RedisPipe& operator=(const RedisPipe&) = delete;

  /// Puts a command at the end of the next exchange.
  void add(std::initializer_list<std::string_view> parts);
  /// The owner gets the reply to the last command; those before it are not looked at. When a kept connection turns out to be closed, the exchange is sent once more on
  /// a new one: only commands that may come twice.
  void send();
  /// Gives the exchange up, and the connection with it.
  void close();
  bool isBusy() const { return m_busy; }
  bool isConnecting() const { return m_phase == Phase::Connecting; }
  std::uint64_t bytesIn() const { return m_bytesIn; }
  std::uint64_t bytesOut() const { return m_bytesOut; }
  void ready(std::uint32_t events) override;

 private:
  enum class Phase { None, Connecting, Open };
  void connect();
  void connectNext(int error);
  void connected();
  void want(std::uint32_t events);
  void write();
  void read();
  bool take(const char* bytes, std::size_t size);
  bool greeted();
  void broken(FailureKind kind, const std::string& reason);

  Loop& m_loop;
  RedisTarget& m_target;
  Owner& m_owner;
  std::optional<cacheaside::ReplyReader> m_replies;  // anew for each connection
  cacheaside::Reply m_reply;
  std::string m_out;
  std::size_t m_sent = 0, m_address = 0;
  int m_fd = -1, m_commands = 0, m_greetings = 0, m_pending = 0;  // commands of the exchange; replies that are still to come
  Phase m_phase = Phase::None;
  std::uint32_t m_wanted = 0;
  std::uint64_t m_bytesIn = 0, m_bytesOut = 0;
  bool m_busy = false, m_reused = false, m_heard = false;
};

/// A command as Redis reads it.
void appendCommand(std::string& out, std::initializer_list<std::string_view> parts);

}  // namespace cachedeck::load
