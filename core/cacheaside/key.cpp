// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/key.h"

#include <xxhash.h>

namespace cachedeck::cacheaside {

namespace {

/// Letters and digits of ASCII and what a URL need not encode (RFC 3986, 2.3).
bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
}

void appendEncoded(std::string& out, std::string_view text, char alsoPlain = '-') {
  static constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (isPlain(c) || c == alsoPlain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

constexpr std::string_view missing = "all";

}  // namespace

std::string encodedValue(std::string_view value) {
  if (value == missing) return "%61ll";
  std::string out;
  appendEncoded(out, value);
  return out;
}

std::string filledKey(std::string_view keyTemplate, const Parameters& parameters) {
  std::string key;
  while (true) {
    const std::size_t open = keyTemplate.find('{');
    const std::size_t close = open == std::string_view::npos ? open : keyTemplate.find('}', open);
    if (close == std::string_view::npos) return key += keyTemplate;
    key += keyTemplate.substr(0, open);
    const auto found = parameters.find(keyTemplate.substr(open + 1, close - open - 1));
    if (found == parameters.end() || found->second.empty())
      key += missing;
    else
      key += encodedValue(found->second);
    keyTemplate.remove_prefix(close + 1);
  }
}

std::string requestKey(std::string_view path, const Parameters& parameters) {
  std::string key = "http:";
  appendEncoded(key, path, '/');
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    key += separator;
    separator = '&';
    appendEncoded(key, name);
    key += '=';
    appendEncoded(key, value);
  }
  return key;
}

std::string textHash(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  XXH128_canonical_t bytes;  // big-endian wherever it is computed
  XXH128_canonicalFromHash(&bytes, XXH3_128bits(text.data(), text.size()));
  std::string out;
  for (const unsigned char byte : bytes.digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace cachedeck::cacheaside
