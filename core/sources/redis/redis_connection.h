// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_errors.h"

#include <QList>

#include <memory>
#include <span>
#include <vector>

namespace cachedeck {

/// One command: its name and arguments, any bytes.
using RedisCommand = QList<QByteArray>;

/// A connection to one Redis server, RESP2, blocking. Made, used and destroyed on one thread; it holds no more than one
/// batch of replies under way. After every Error it is closed.
class RedisConnection {
 public:
  explicit RedisConnection(RedisOptions options);
  ~RedisConnection();

  /// Connects, authenticates, selects the database and waits for the first real answer. Each step has its own sentence
  /// when it fails; a server that loads its data is Busy, with progress and time left.
  Result<void> open(const std::stop_token& stop);
  void close();
  bool isOpen() const { return m_transport.isOpen(); }
  const RedisOptions& options() const { return m_options; }

  /// One question. A server's error reply is a Reply too: error() makes an Error of it.
  Result<Reply> command(const RedisCommand& command, const Deadline& deadline, const std::stop_token& stop);
  /// All questions in one write, their replies in the same order.
  Result<std::vector<Reply>> pipeline(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop);
  /// The Error that an error reply stands for.
  Error error(const Reply& reply) const { return serverError(m_options, reply.text()); }

 private:
  Result<void> greet(const std::stop_token& stop);
  Result<void> authenticate(const std::stop_token& stop);
  Error loadingError(const Reply& refusal, const std::stop_token& stop);
  Result<Reply> ask(const RedisCommand& command, const std::stop_token& stop);
  Result<std::vector<Reply>> receive(size_t count, const Deadline& deadline, const std::stop_token& stop);
  Error closed(Error error);

  const RedisOptions m_options;
  Transport m_transport;
  std::unique_ptr<ReplyReader> m_reader;
  bool m_heard = false;  // this connection has given a reply
};

}  // namespace cachedeck
