// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::load {

/// Reads one HTTP/1.x answer as its bytes come (RFC 9112): Content-Length, chunked, until close, 1xx, 204, 304, HEAD. Keeps the body only where somebody wants it.
class HttpAnswer {
 public:
  enum class State { More, Done, Failed };
  static constexpr std::size_t mostHead = 64 * 1024, mostBody = 64 * 1024 * 1024, mostKept = 4 * 1024 * 1024;

  /// For the next answer. `toHead`: of a HEAD request, which has no body. `keep`: the body and the header lines stay readable.
  void begin(bool toHead, bool keep);
  /// The next bytes; `used`: how many belong to this answer.
  State feed(const char* data, std::size_t size, std::size_t& used);
  /// The server closed: the end of a body without length, else a failure.
  State closed();

  bool hasBegun() const { return m_begun; }
  int status() const { return m_status; }
  bool keepsAlive() const { return m_keepAlive; }
  enum class Cache { Unknown, Hit, Miss };
  Cache cache() const { return m_cache; }
  const std::string& location() const { return m_location; }
  const std::string& body() const { return m_body; }
  /// Value of a header line; only where it was kept. Empty: there is none.
  std::string_view header(std::string_view name) const;
  FailureKind failure() const { return m_failure; }
  const char* reason() const { return m_reason; }

 private:
  enum class Part { Head, Length, UntilClose, ChunkSize, Chunk, ChunkEnd, Trailer, End };
  State fail(FailureKind kind, const char* reason);
  State head(const char* data, std::size_t size, std::size_t& used);
  bool readHead(std::string_view text);
  bool readStatus(std::string_view line);
  bool readHeader(std::string_view name, std::string_view value);
  State bodyBegins();
  bool take(const char* data, std::size_t size);
  State chunked(const char* data, std::size_t size, std::size_t& used);
  bool readLine(const char* data, std::size_t size, std::size_t& used);

  Part m_part = Part::Head;
  bool m_toHead = false, m_keep = false, m_begun = false, m_keepAlive = true, m_chunked = false;
  int m_status = 0;
  Cache m_cache = Cache::Unknown;
  long long m_length = -1;
  std::size_t m_left = 0, m_taken = 0, m_trailer = 0;
  std::string m_partial, m_headers, m_location, m_body;
  FailureKind m_failure = FailureKind::Garbage;
  const char* m_reason = "";
};

}  // namespace cachedeck::load
