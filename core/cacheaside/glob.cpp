// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/glob.h"

#include <algorithm>

namespace cachedeck::cacheaside {

namespace {

bool isWildcard(char c) { return c == '*' || c == '?' || c == '['; }

/// The class at `at`, which stands behind its '['; moves `at` behind the class. Step by step as Redis does it (stringmatchlen in its util.c), so
/// that odd ones mean the same: a class without an end, "[a-]", a range of bytes above 127 (compared signed).
bool classHas(std::string_view pattern, std::size_t& at, char c) {
  const bool negated = at < pattern.size() && pattern[at] == '^';
  if (negated) ++at;
  bool found = false;
  for (; at < pattern.size() && pattern[at] != ']'; ++at) {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      found |= pattern[++at] == c;
    } else if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
      const auto [low, high] = std::minmax({static_cast<signed char>(pattern[at]), static_cast<signed char>(pattern[at + 2])});
      found |= low <= static_cast<signed char>(c) && static_cast<signed char>(c) <= high;
      at += 2;
    } else {
      found |= pattern[at] == c;
    }
  }
  if (at < pattern.size()) ++at;
  return found != negated;
}

/// Whether the pattern's element at `at`, which is no star, is that byte; moves `at` behind it.
bool elementIs(std::string_view pattern, std::size_t& at, char c) {
  const char first = pattern[at++];
  if (first == '?') return true;
  if (first == '[') return classHas(pattern, at, c);
  if (first == '\\' && at < pattern.size()) return pattern[at++] == c;
  return first == c;
}

/// The plain text that a pattern begins with, and where it ends.
std::string plainText(std::string_view pattern, std::size_t& at) {
  std::string text;
  for (at = 0; at < pattern.size() && !isWildcard(pattern[at]); ++at) {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    text += pattern[at];
  }
  return text;
}

}  // namespace

bool globMatches(std::string_view pattern, std::string_view key) {
  if (pattern == "*") return true;
  if (key.empty()) return pattern.empty();  // to Redis "**" is not the empty key
  std::size_t p = 0, k = 0;
  std::size_t star = std::string_view::npos, tried = 0;  // the last star, and where the text behind it was last tried
  while (k < key.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      tried = k;
    } else if (p < pattern.size() && elementIs(pattern, p, key[k])) {
      ++k;
    } else if (star == std::string_view::npos) {
      return false;
    } else {
      p = star + 1;
      k = ++tried;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool isLiteral(std::string_view pattern) {
  std::size_t end = 0;
  plainText(pattern, end);
  return end == pattern.size();
}

std::string globPrefix(std::string_view pattern) {
  std::size_t end = 0;
  return plainText(pattern, end);
}

std::string globLiteral(std::string_view pattern) { return globPrefix(pattern); }

std::string globEscaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (isWildcard(c) || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string_view keySegment(std::string_view key) { return key.substr(0, key.find(':')); }

std::optional<std::string> globSegment(std::string_view pattern) {
  std::size_t end = 0;
  const std::string prefix = plainText(pattern, end);
  if (end < pattern.size() && prefix.find(':') == std::string::npos) return {};
  return std::string(keySegment(prefix));
}

}  // namespace cachedeck::cacheaside
