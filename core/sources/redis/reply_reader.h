// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/reply.h"

#include <QString>

#include <deque>
#include <memory>
#include <optional>

struct redisReader;
struct redisReplyObjectFunctions;

namespace cachedeck {

/// What one reply may hold at most. hiredis 0.14 by itself has no such limits: 13 hostile bytes make it reserve 16 GB.
struct ReplyLimits {
  static constexpr std::int64_t text = 64 << 20;      ///< bytes of all strings of one reply, so also of the longest
  static constexpr std::int64_t elements = 1 << 20;   ///< of one array
  static constexpr std::int64_t nodes = 2 << 20;      ///< of one reply, arrays included
  static constexpr std::int64_t line = 64 << 10;      ///< bytes of a status or error line
};

/// Why bytes are not a reply.
struct ReplyFault {
  enum class Kind {
    Broken,   ///< it began as RESP2 and broke its rules
    TooBig,   ///< beyond ReplyLimits
    Resp3,    ///< a type that only RESP3 has
    Http,
    Tls,
    Foreign,  ///< something else altogether
    Cut,      ///< the bytes ended inside a reply
  };
  Kind kind = Kind::Broken;
  QString what;  ///< completes "the answer …", or for Foreign shows how it begins
};

/// Turns a stream of bytes into replies, however it is cut into pieces: hiredis' parser behind a guard. After a fault
/// nothing more is accepted.
class ReplyReader {
 public:
  ReplyReader();
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  /// False after a fault.
  bool feed(QByteArrayView bytes);
  /// The next whole reply, or nothing yet.
  std::optional<Reply> take();
  /// Tells the reader that no more bytes come; half a reply is a fault then.
  void end();
  const std::optional<ReplyFault>& fault() const { return m_fault; }
  /// Bytes that belong to no reply that was taken.
  bool hasLeftover() const;

 private:
  struct Builder;
  static redisReplyObjectFunctions* objectFunctions();
  bool checkPreface(QByteArrayView bytes);
  bool parse(QByteArrayView bytes);
  bool checkPending();
  bool fail(ReplyFault::Kind kind, const QString& what);
  void finishReply();

  struct Deleter {
    void operator()(redisReader* reader) const;
  };
  std::unique_ptr<redisReader, Deleter> m_reader;
  Reply m_building;
  std::deque<Reply> m_ready;
  std::optional<ReplyFault> m_fault;
  QByteArray m_preface;      // the first bytes of a stream that does not begin like RESP2
  bool m_recognised = false;
};

}  // namespace cachedeck
