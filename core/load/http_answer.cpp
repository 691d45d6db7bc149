// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/http_answer.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace cachedeck::load {

namespace {

bool sameName(std::string_view name, std::string_view lower) {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower[i]) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// Whether a comma-separated list holds a word.
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (sameName(trimmed(list.substr(0, comma)), word)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

void HttpAnswer::begin(bool toHead, bool keep) {
  m_part = Part::Head;
  m_toHead = toHead;
  m_keep = keep;
  m_begun = false;
  m_keepAlive = true;
  m_chunked = false;
  m_status = 0;
  m_cache = Cache::Unknown;
  m_length = -1;
  m_left = m_taken = m_trailer = 0;
  m_partial.clear();
  if (!m_location.empty()) m_location.clear();
  if (!m_headers.empty()) m_headers.clear();
  if (!m_body.empty()) m_body.clear();
}

HttpAnswer::State HttpAnswer::fail(FailureKind kind, const char* reason) {
  m_failure = kind;
  m_reason = reason;
  m_keepAlive = false;
  return State::Failed;
}

HttpAnswer::State HttpAnswer::feed(const char* data, std::size_t size, std::size_t& used) {
  used = 0;
  m_begun = m_begun || size > 0;
  while (used < size || m_part == Part::End) {
    std::size_t taken = 0;
    State state = State::More;
    switch (m_part) {
      case Part::Head: state = head(data + used, size - used, taken); break;
      case Part::Length:
        taken = std::min(m_left, size - used);
        if (!take(data + used, taken)) return State::Failed;
        m_left -= taken;
        if (m_left == 0) m_part = Part::End;
        break;
      case Part::UntilClose:
        taken = size - used;
        if (!take(data + used, taken)) return State::Failed;
        break;
      case Part::End: return State::Done;
      default: state = chunked(data + used, size - used, taken); break;
    }
    used += taken;
    if (state != State::More) return state;
  }
  return State::More;
}

HttpAnswer::State HttpAnswer::closed() {
  if (m_part == Part::UntilClose) return State::Done;
  return fail(FailureKind::Closed, m_begun ? "the server closed in the middle of an answer" : "the server closed without an answer");
}

HttpAnswer::State HttpAnswer::head(const char* data, std::size_t size, std::size_t& used) {
  // Nearly always the whole head comes in one piece, and nothing is copied.
  std::string_view text(data, size);
  const std::size_t before = m_partial.size();
  if (before > 0) {
    const std::size_t most = std::min(size, mostHead + 4 - std::min(before, mostHead));
    m_partial.append(data, most);
    text = m_partial;
  }
  const std::size_t from = before > 3 ? before - 3 : 0;
  const std::size_t end = text.find("\r\n\r\n", from);
  if (end == std::string_view::npos) {
    // What cannot become HTTP is told at once: a server that sends garbage for ever has no blank line.
    if (text.substr(0, 5) != std::string_view("HTTP/").substr(0, std::min<std::size_t>(5, text.size()))) return fail(FailureKind::Garbage, "the answer is not HTTP");
    if (text.size() > mostHead) return fail(FailureKind::TooLarge, "the header of the answer is larger than 64 KiB");
    if (before == 0) m_partial.assign(data, size);
    used = size;
    return State::More;
  }
  if (end > mostHead) return fail(FailureKind::TooLarge, "the header of the answer is larger than 64 KiB");
  used = end + 4 - before;
  if (!readHead(text.substr(0, end + 2))) return State::Failed;
  m_partial.clear();
  if (m_status >= 100 && m_status < 200) {  // an interim answer; the one that counts follows
    m_keepAlive = true;
    m_length = -1;
    return State::More;
  }
  return bodyBegins();
}

bool HttpAnswer::readStatus(std::string_view line) {
  // "HTTP/1.1 200 OK"
  const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9'; };
  if (line.size() < 12 || line.substr(0, 7) != "HTTP/1." || !digit(7) || line[8] != ' ' || !digit(9) || !digit(10) || !digit(11) || (line.size() > 12 && line[12] != ' ')) return false;
  m_keepAlive = line[7] != '0';
  m_status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  return m_status >= 100;
}

bool HttpAnswer::readHead(std::string_view text) {
  std::size_t at = text.find("\r\n");
  if (!readStatus(text.substr(0, at))) return fail(FailureKind::Garbage, "the answer is not HTTP/1.x"), false;
  at += 2;
  if (m_keep) m_headers.assign(text.substr(at));
  while (at < text.size()) {
    const std::size_t end = text.find("\r\n", at);
    const std::string_view line = text.substr(at, end - at);
    at = end + 2;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return fail(FailureKind::Garbage, "a header line without a name"), false;
    if (!readHeader(line.substr(0, colon), line.substr(colon + 1))) return false;
  }
  return true;
}

bool HttpAnswer::readHeader(std::string_view name, std::string_view value) {
  switch (name.size()) {  // the length leaves at most one candidate
    case 7:
      if (sameName(name, "x-cache")) {
        const std::string_view word = trimmed(value);
        m_cache = word.size() >= 3 && sameName(word.substr(0, 3), "hit") ? Cache::Hit : word.size() >= 4 && sameName(word.substr(0, 4), "miss") ? Cache::Miss : Cache::Unknown;
      }
      break;
    case 8:
      if (sameName(name, "location")) m_location = trimmed(value).substr(0, 8192);
      break;
    case 10:
      if (sameName(name, "connection")) {
        if (lists(value, "close")) m_keepAlive = false;
        else if (lists(value, "keep-alive")) m_keepAlive = true;
      }
      break;
    case 14:
      if (sameName(name, "content-length")) {
        const std::string_view digits = trimmed(value);
        long long length = -1;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (error != std::errc() || end != digits.data() + digits.size() || length < 0) return fail(FailureKind::WrongLength, "the Content-Length is not a number"), false;
        if (m_length >= 0 && m_length != length) return fail(FailureKind::WrongLength, "two Content-Length headers that differ"), false;
        m_length = length;
      }
      break;
    case 17:
      if (sameName(name, "transfer-encoding")) {
        if (!lists(value, "chunked")) return fail(FailureKind::Garbage, "a transfer encoding that is not known"), false;
        m_chunked = true;
      }
      break;
    default: break;
  }
  return true;
}

HttpAnswer::State HttpAnswer::bodyBegins() {
  if (m_toHead || m_status == 204 || m_status == 304) {
    m_part = Part::End;
  } else if (m_chunked) {
    m_part = Part::ChunkSize;
  } else if (m_length >= 0) {
    if (static_cast<unsigned long long>(m_length) > mostBody) return fail(FailureKind::TooLarge, "the body is larger than 64 MiB");
    m_left = static_cast<std::size_t>(m_length);
    m_part = m_left == 0 ? Part::End : Part::Length;
  } else {
    m_part = Part::UntilClose;
    m_keepAlive = false;
  }
  return State::More;
}

bool HttpAnswer::take(const char* data, std::size_t size) {
  m_taken += size;
  if (m_taken > mostBody) return fail(FailureKind::TooLarge, "the body is larger than 64 MiB"), false;
  if (m_keep && m_body.size() < mostKept) m_body.append(data, std::min(size, mostKept - m_body.size()));
  return true;
}

bool HttpAnswer::readLine(const char* data, std::size_t size, std::size_t& used) {
  const void* const end = std::memchr(data, '\n', size);
  used = end ? static_cast<std::size_t>(static_cast<const char*>(end) - data) + 1 : size;
  m_partial.append(data, used);
  return end != nullptr;
}

HttpAnswer::State HttpAnswer::chunked(const char* data, std::size_t size, std::size_t& used) {
  if (m_part == Part::Chunk) {
    used = std::min(m_left, size);
    if (!take(data, used)) return State::Failed;
    m_left -= used;
    if (m_left == 0) m_part = Part::ChunkEnd;
    return State::More;
  }
  const bool whole = readLine(data, size, used);
  if (m_partial.size() > 4096) return fail(FailureKind::Garbage, "a chunk without a size");
  if (!whole) return State::More;
  const std::string_view line = trimmed(std::string_view(m_partial).substr(0, m_partial.size() - 1));
  if (m_part == Part::ChunkEnd) {
    if (!line.empty()) return fail(FailureKind::WrongLength, "a chunk is longer than its size");
    m_part = Part::ChunkSize;
  } else if (m_part == Part::Trailer) {
    if (line.empty()) m_part = Part::End;
    else if (++m_trailer > 100) return fail(FailureKind::TooLarge, "a trailer without an end");
  } else {
    const std::string_view digits = trimmed(line.substr(0, line.find(';')));
    unsigned long long length = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length, 16);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return fail(FailureKind::Garbage, "a chunk whose size is not a number");
    if (length > mostBody) return fail(FailureKind::TooLarge, "the body is larger than 64 MiB");
    m_left = static_cast<std::size_t>(length);
    m_part = m_left == 0 ? Part::Trailer : Part::Chunk;
  }
  m_partial.clear();
  return State::More;
}

std::string_view HttpAnswer::header(std::string_view name) const {
  std::string_view rest = m_headers;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 2));
    const std::size_t colon = line.find(':');
    if (colon == name.size()) {
      std::string lower(name);
      for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
      if (sameName(line.substr(0, colon), lower)) return trimmed(line.substr(colon + 1));
    }
  }
  return {};
}

}  // namespace cachedeck::load
