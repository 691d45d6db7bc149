// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/own_lookups.h"
#include "core/sources/redis/redis_errors.h"
#include "core/sources/redis/write_permit.h"

#include <QList>

#include <memory>
#include <span>
#include <vector>

namespace cachedeck {

/// One command: its name and arguments, any bytes.
using RedisCommand = QList<QByteArray>;

/// A connection to one Redis server, RESP2, blocking. Made, used and destroyed on one thread; it holds no more than one
/// batch of replies under way. After every Error it is closed. Without a permit it sends only commands that read (command_table.h), with one also those that
/// write; others never: a command that is not allowed is an Error (Permission) before anything is sent.
class RedisConnection {
 public:
  explicit RedisConnection(RedisOptions options);
  RedisConnection(RedisOptions options, WritePermit permit);
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
  /// The same in two steps: the commands leave now, their replies are collected later, in order, in one or several pieces.
  Result<void> send(std::span<const RedisCommand> commands);
  Result<std::vector<Reply>> collect(size_t count, const Deadline& deadline, const std::stop_token& stop);
  /// How the server would take commands, without carrying them out: MULTI, and when that was answered with OK the commands and DISCARD. For each its QUEUED or its error. What reads and what writes may
  /// be asked, permit or not. An account that may not use MULTI is asked with absent keys of random names that begin like the real ones; what cannot be asked so has an error that says so.
  Result<std::vector<Reply>> rehearse(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop);
  bool mayWrite() const { return m_permit.has_value(); }
  /// The Error that an error reply stands for.
  Error error(const Reply& reply) const { return serverError(m_options, reply.text()); }

 private:
  Result<void> greet(const std::stop_token& stop);
  Result<void> authenticate(const std::stop_token& stop);
  Error loadingError(const Reply& refusal, const std::stop_token& stop);
  Result<Reply> ask(const RedisCommand& command, const std::stop_token& stop);
  Result<void> allowed(const RedisCommand& command) const;
  Result<std::vector<Reply>> exchangeUnchecked(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop);
  Result<std::vector<Reply>> askWithAbsentKeys(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop);
  Result<void> sendUnchecked(std::span<const RedisCommand> commands);
  Error closed(Error error);

  const RedisOptions m_options;
  const std::optional<WritePermit> m_permit;
  Transport m_transport;
  std::unique_ptr<ReplyReader> m_reader;
  LookupMeter m_lookups;
  size_t m_underWay = 0;  // replies that are still to come
  bool m_heard = false;   // this connection has given a reply
};

}  // namespace cachedeck
