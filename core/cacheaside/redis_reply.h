// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

struct redisReader;

namespace cachedeck::cacheaside {

/// One answer of Redis (RESP2).
struct Reply {
  enum class Type { Nil, Status, Error, Integer, Text, Array };
  Type type = Type::Nil;
  long long integer = 0;
  std::string text;  ///< of a status, an error, a text
  std::vector<Reply> elements;

  bool isError() const { return type == Type::Error; }
};

/// Cuts received bytes into replies. hiredis' reader parses; the objects are ours, since its own have no limit: 13 hostile bytes make them
/// reserve 16 GB.
class ReplyReader {
 public:
  ReplyReader();
  ~ReplyReader();

  enum class Step {
    Done,    ///< a reply was read
    More,    ///< needs more bytes
    Broken,  ///< no Redis, or more than the limits: of no use any more
  };
  void feed(const char* bytes, std::size_t size);
  Step next(Reply& reply);
  /// True when all bytes fed have been read as replies.
  bool drained() const;

  static constexpr std::size_t maxText = 256u << 20;     ///< bytes of all texts of one reply
  static constexpr std::size_t maxPending = 80u << 20;   ///< bytes not read yet: more than the longest text
  static constexpr int maxElements = 1 << 16;            ///< of one array

 private:
  struct Deleter {
    void operator()(redisReader* reader) const;
  };
  Reply m_root;  // what is being read
  std::size_t m_text = 0;
  std::unique_ptr<redisReader, Deleter> m_reader;

  friend struct ReplyObjects;
};

}  // namespace cachedeck::cacheaside
