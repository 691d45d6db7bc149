// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"
#include "core/keys/servers.h"

#include <limits>
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
  std::optional<Redirect> redirect;  ///< another server has the next one: try the rest there, after ASK only this one
  QString refusal;          ///< the first one
};

/// Where a page is sent. With `asking`, to the server that a slot is on its way to: one key at a time, each command with ASKING in front.
struct Way {
  RedisConnection* connection = nullptr;
  bool asking = false;
};

/// A page on its way through the steps of a PageRunner. Its names are of one slot.
struct Lane {
  enum class State {
    Asked,  ///< the questions are under way
    Ready,  ///< there are images to act on
    Over,   ///< nothing to be done with any of them, or the server cannot now
    Alone,  ///< something stands in the way of acting on all of them as one: to be tried in smaller pages
  };
  Way way;
  std::vector<QByteArray> page;  ///< names, side by side in the plan
  qint64 first = 0;              ///< number of the first one
  State state = State::Asked;
  std::vector<QByteArray> asked;  ///< those of the page that are no larger than an image may be
  std::vector<KeyImage> images;
  qint64 batch = -1;        ///< in the log
  std::size_t replies = 0;  ///< that the transaction will have
  bool open = false;        ///< MULTI was answered with OK
  bool watching = false;    ///< and WATCH, if it was sent
  PageOutcome outcome;
};

/// Carries out pages of names. What an action reads, keeps and sends stands in its subclass; the order (watch, read, keep on disk, act as one) here. Several pages may be on their way at once,
/// each on a connection of its own, so that one sync of the log is good for all of them and the server has work meanwhile.
class PageRunner {
 public:
  struct Parts {
    OperationLog& log;
    const Action& action;
    const RunOptions& options;
    const ServerClock& clock;
    Servers& servers;
    bool hasExpireTime;   ///< PEXPIRETIME, Redis 7.0
    bool mayBeLarge;      ///< keys too large for DUMP may be among them
    OwnLookups& own;
    std::stop_token now;  ///< ends even an exchange that is under way
    std::function<Result<void>(const QString& reason)> wait;  ///< until the servers may be able again; an Error when that lasts too long
  };
  static std::unique_ptr<PageRunner> make(const Parts& parts);
  /// What isDirect() will say. All else needs MULTI and EXEC.
  static bool goesDirect(const Action& action, const RunOptions& options);
  virtual ~PageRunner() = default;

  /// Redis keeps the watched keys of a connection in a list that it walks for each further one: 500 keys take it 2.7 ms (measured). In small pages others wait less, and it takes no longer.
  static constexpr std::size_t longestWatched = 16;
  /// Names of a page that is one transaction.
  std::size_t longestPage() const { return watches() ? longestWatched : std::numeric_limits<std::size_t>::max(); }
  /// True when nothing has to be read or kept before: then a page is one exchange, of any length.
  bool isDirect() const { return goesDirect(m.action, m.options); }
  // The steps of a lane, in this order; keep() is followed by a sync of the log before act().
  Result<void> ask(Lane& lane);
  Result<void> take(Lane& lane);
  Result<void> keep(Lane& lane);
  Result<void> act(Lane& lane);
  Result<void> conclude(Lane& lane);
  /// What a lane in the state Alone comes to: the same keys in smaller pages.
  Result<PageOutcome> alone(Lane& lane);

  /// One page from its first step to its last. `first`: the first name's number in the plan. The names are of one slot, unless the runner isDirect(), which then finds the ways itself.
  Result<PageOutcome> run(const Way& way, std::span<const QByteArray> names, qint64 first);
  /// Says in the log that this name is left as it is, since `reason`.
  Result<PageOutcome> refuse(const QString& reason, qint64 number);
  /// After the link broke, or the program, before a batch's answer was known, or when the server may have lost what was done: which names (by their index) have to be done (again). What was
  /// done is counted in `counts`.
  virtual Result<std::vector<std::size_t>> unfinished(std::span<const QByteArray> names, std::span<const KeyImage> images, BatchResult& counts) = 0;
  /// Doing it twice to a key of which there is no image comes to the same.
  virtual bool mayRepeat() const = 0;

 protected:
  explicit PageRunner(const Parts& parts) : m(parts) {}
  struct Seen {
    enum class What { Act, Gone, Keep, Refuse } what = What::Act;
    KeyImage image;
    QString refusal;
  };
  virtual std::vector<RedisCommand> directCommands(std::span<const QByteArray> names) const = 0;
  virtual void ask(const QByteArray& name, std::vector<RedisCommand>& commands) const = 0;
  virtual std::size_t questions() const = 0;
  virtual Seen look(const QByteArray& name, std::span<const Reply> replies) = 0;
  virtual std::vector<RedisCommand> commands(std::span<const KeyImage> images) const = 0;
  /// False where the transaction's own answers say what it found, and it is right whatever that was.
  virtual bool watches() const { return true; }
  /// Counts what the transaction came to. The images are set right where they had become old; true when one was.
  virtual bool settle(const Reply& exec, std::vector<KeyImage>& images, BatchResult& counts);

  /// About one key each, on whatever server it is.
  Result<std::vector<Reply>> askAll(std::span<const RedisCommand> commands) const;
  qint64 expiryOf(const Reply& reply) const;
  /// Exactly, where the server tells the absolute time.
  bool isSameExpiry(qint64 one, qint64 other) const { return std::abs(one - other) <= (m.hasExpireTime || one < 0 || other < 0 ? 0 : 1000); }
  QByteArray expiryQuestion() const { return m.hasExpireTime ? "PEXPIRETIME" : "PTTL"; }
  Parts m;

 private:
  static Result<void> send(const Way& way, std::vector<RedisCommand> commands);
  Result<std::vector<Reply>> collect(const Way& way, std::size_t count) const;
  Result<std::vector<Reply>> exchange(const Way& way, std::vector<RedisCommand> commands) const;
  Result<PageOutcome> direct(const Way& way, std::span<const QByteArray> names, qint64 first);
  Result<PageOutcome> spread(std::span<const QByteArray> names, qint64 first);
  Result<PageOutcome> transaction(const Way& way, std::span<const QByteArray> names, qint64 first);
  Result<PageOutcome> halves(const Way& way, std::span<const QByteArray> names, qint64 first);
  Result<void> leaveOutLarge(Lane& lane) const;
  Result<void> unwatch(Lane& lane) const;
  Result<void> release(const Way& way, const char* command) const;
  Result<void> logOver(Lane& lane);
  bool hinders(Lane& lane, const Reply& error) const;
};

/// What an error reply to a page means; Moved: MOVED and ASK; Alone: keys that are not on one server now.
enum class Refusal { Wait, Forbidden, Moved, Alone, Other };
Refusal refusalOf(QByteArrayView error);

}  // namespace cachedeck::keys
