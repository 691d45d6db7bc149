// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"

#include <memory>

namespace cachedeck::keys {

/// The server's wall clock, from one answer of TIME on.
class ServerClock {
 public:
  ServerClock(qint64 serverMs, const Clock& clock) : m_serverMs(serverMs), m_clock(clock), m_at(clock.now()) {}
  qint64 nowMs() const { return m_serverMs + static_cast<qint64>(1000 * m_clock.now().secondsSince(m_at)); }

 private:
  qint64 m_serverMs;
  const Clock& m_clock;
  Instant m_at;
};

/// What came of one page.
struct PageOutcome {
  BatchResult counts;
  std::size_t handled = 0;  ///< names from the beginning of the page that are done with
  QString waits;            ///< the server cannot do the next one now: try the rest again
  QString refusal;          ///< the first one
};

/// Carries out pages of names on one connection. What an action reads, keeps and sends stands in its subclass; the order (watch, read, keep on disk, act as one) here.
class PageRunner {
 public:
  struct Parts {
    OperationLog& log;
    const Action& action;
    const RunOptions& options;
    const ServerClock& clock;
    bool hasExpireTime;   ///< PEXPIRETIME, Redis 7.0
    bool mayBeLarge;      ///< keys too large for DUMP may be among them
    OwnLookups& own;
    std::stop_token now;  ///< ends even an exchange that is under way
  };
  static std::unique_ptr<PageRunner> make(const Parts& parts);
  virtual ~PageRunner() = default;

  /// `first`: the first name's number in the plan.
  Result<PageOutcome> run(RedisConnection& connection, std::span<const QByteArray> names, qint64 first);
  /// After the link broke, or the program, before a batch's answer was known: which names (by their index) still have to be done. What was done is counted in `counts`.
  virtual Result<std::vector<std::size_t>> unfinished(RedisConnection& connection, std::span<const QByteArray> names, std::span<const KeyImage> images, BatchResult& counts) = 0;

 protected:
  explicit PageRunner(const Parts& parts) : m(parts) {}
  struct Seen {
    enum class What { Act, Gone, Keep, Refuse } what = What::Act;
    KeyImage image;
    QString refusal;
  };
  /// True when nothing has to be read before.
  virtual bool isDirect() const = 0;
  virtual std::vector<RedisCommand> directCommands(std::span<const QByteArray> names) const = 0;
  virtual void ask(const QByteArray& name, std::vector<RedisCommand>& commands) const = 0;
  virtual std::size_t questions() const = 0;
  virtual Seen look(const QByteArray& name, std::span<const Reply> replies) = 0;
  virtual std::vector<RedisCommand> commands(std::span<const KeyImage> images) const = 0;

  Result<std::vector<Reply>> exchange(RedisConnection& connection, std::span<const RedisCommand> commands) const;
  qint64 expiryOf(const Reply& reply) const;
  QByteArray expiryQuestion() const { return m.hasExpireTime ? "PEXPIRETIME" : "PTTL"; }
  Parts m;

 private:
  Result<PageOutcome> direct(RedisConnection& connection, std::span<const QByteArray> names, qint64 first);
  Result<PageOutcome> watched(RedisConnection& connection, std::span<const QByteArray> names, qint64 first);
  Result<PageOutcome> halves(RedisConnection& connection, std::span<const QByteArray> names, qint64 first);
  Result<std::vector<QByteArray>> withoutLarge(RedisConnection& connection, std::span<const QByteArray> names, PageOutcome& outcome) const;
  Result<PageOutcome> logged(std::span<const QByteArray> page, qint64 first, PageOutcome outcome) const;
  Result<PageOutcome> act(RedisConnection& connection, std::span<const QByteArray> names, qint64 first, std::span<const KeyImage> images, PageOutcome outcome);
};

/// What an error reply to a page means.
enum class Refusal { Wait, Forbidden, Other };
Refusal refusalOf(QByteArrayView error);

}  // namespace cachedeck::keys
