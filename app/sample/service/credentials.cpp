// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/credentials.h"

#include <strings.h>
#include <sys/random.h>

#include <algorithm>
#include <mutex>

namespace cachedeck::sample {
namespace {

bool takeWord(std::string_view& text, std::string_view word) {
  if (text.size() <= word.size() || strncasecmp(text.data(), word.data(), word.size()) != 0 || text[word.size()] != ' ') return false;
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return true;
}

int sixBits(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

Credential credentialOf(std::string_view authorization) {
  // Blanks behind a header's value are no part of it (RFC 9110, 5.5), and the HTTP library leaves them there.
  while (authorization.ends_with(' ') || authorization.ends_with('\t')) authorization.remove_suffix(1);
  if (takeWord(authorization, "Bearer")) return {Credential::Scheme::Bearer, authorization};
  if (takeWord(authorization, "Basic")) return {Credential::Scheme::Basic, authorization};
  return {};
}

std::optional<UserPassword> decodedBasic(std::string_view value) {
  while (value.ends_with('=')) value.remove_suffix(1);
  std::string text;
  unsigned held = 0, bits = 0;
  for (const char c : value) {
    const int six = sixBits(c);
    if (six < 0) return std::nullopt;
    held = (held << 6 | static_cast<unsigned>(six)) & 0xFFFFu;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    text.push_back(static_cast<char>(held >> bits & 0xFFu));
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return UserPassword{text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<std::string> randomToken() {
  std::array<unsigned char, 32> bytes;
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return std::nullopt;
  std::string token;
  for (const unsigned char byte : bytes) {
    token.push_back("0123456789abcdef"[byte >> 4]);
    token.push_back("0123456789abcdef"[byte & 15]);
  }
  return token;
}

void CredentialTable::add(std::string value, cacheaside::Time now) {
  Shard& shard = m_shards[shardOf(value)];
  const std::unique_lock lock(shard.mutex);
  if (shard.until.size() >= mostPerShard) {
    std::erase_if(shard.until, [now](const auto& entry) { return entry.second <= now; });
    if (shard.until.size() >= mostPerShard)
      shard.until.erase(std::min_element(shard.until.begin(), shard.until.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  shard.until.insert_or_assign(std::move(value), now + lifetime);
}

bool CredentialTable::has(std::string_view value, cacheaside::Time now) const {
  const Shard& shard = m_shards[shardOf(value)];
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.until.find(value);
  return found != shard.until.end() && found->second > now;
}

}  // namespace cachedeck::sample
