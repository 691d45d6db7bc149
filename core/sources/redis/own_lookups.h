// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/reply.h"

#include <QList>
#include <QString>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <span>

namespace cachedeck {

/// Look-ups as a server counts them in keyspace_hits and keyspace_misses.
struct LookupCounts {
  qint64 hits = 0, misses = 0;
  bool operator==(const LookupCounts&) const = default;
};

/// The look-ups on one server that this console makes itself, so that its charts can leave them out. Any thread.
class ServerLookups {
 public:
  /// Holds still what is asked while INFO is read, so that its counters hold just what `counts` says. Neither side waits for long: on a server that answers
  /// slowly the counts lag by what is under way.
  class Stillness {
   public:
    explicit Stillness(ServerLookups* lookups);
    ~Stillness();
    Stillness(const Stillness&) = delete;
    Stillness& operator=(const Stillness&) = delete;
    const LookupCounts counts;

   private:
    ServerLookups* const m_lookups;
  };

  /// A connection sends look-ups; end() when their answers have come, or will never.
  void begin();
  void end();
  void add(const LookupCounts& more);
  LookupCounts counts() const;

 private:
  LookupCounts hold();
  void release();

  mutable std::mutex m_mutex;
  std::condition_variable m_changed;
  LookupCounts m_counts;
  int m_underWay = 0;  // connections
  int m_held = 0;
};

/// Those of one profile, by server: a cluster's nodes each count for themselves. Shared by the source that is charted and everything that looks at keys.
class LookupBook {
 public:
  /// Lives as long as the book.
  ServerLookups& of(const QString& endpoint);

 private:
  std::mutex m_mutex;
  std::map<QString, ServerLookups> m_servers;
};

/// What the answer to a command says about the server's counting; measured on Redis 7.0.15. An answer that an absent key and an empty piece of a present one have in
/// common (GETRANGE, LRANGE, XRANGE, STRLEN of nothing …) is taken for a hit. Of an answer that never comes nothing is known.
LookupCounts lookupsOf(const QList<QByteArray>& command, const Reply& reply);

/// Watches the questions and answers of one connection.
class LookupMeter {
 public:
  /// Null: nobody wants to know.
  explicit LookupMeter(ServerLookups* lookups) : m_lookups(lookups) {}
  ~LookupMeter() { dropped(); }
  LookupMeter(const LookupMeter&) = delete;
  LookupMeter& operator=(const LookupMeter&) = delete;

  void asked(std::span<const QList<QByteArray>> commands);
  void answered(std::span<const Reply> replies);
  /// The connection is closed.
  void dropped();

 private:
  ServerLookups* const m_lookups;
  std::deque<QList<QByteArray>> m_asked;  // without what counts nothing: an empty one stands for that
  qsizetype m_open = 0;                   // of them, look-ups
};

}  // namespace cachedeck
