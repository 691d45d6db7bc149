// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <array>
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cachedeck::sample {

/// What an Authorization header says.
struct Credential {
  enum class Scheme : std::uint8_t { None, Bearer, Basic };
  Scheme scheme = Scheme::None;
  std::string_view value;  ///< the token, or user:password in base64
};
Credential credentialOf(std::string_view authorization);

struct UserPassword {
  std::string user, password;
};
/// Nothing when it is not base64 of user:password.
std::optional<UserPassword> decodedBasic(std::string_view value);

/// 32 random bytes in hexadecimal; nothing when the system gives none.
std::optional<std::string> randomToken();

/// Tokens, and Basic credentials that were found right, for many threads: each is good for 12 hours, of 16 × 1024 the oldest
/// goes first.
class CredentialTable {
 public:
  static constexpr std::chrono::hours lifetime{12};
  void add(std::string value, cacheaside::Time now);
  bool has(std::string_view value, cacheaside::Time now) const;

 private:
  static constexpr std::size_t shardCount = 16, mostPerShard = 1024;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<std::string, cacheaside::Time, Hash, std::equal_to<>> until;
  };
  static std::size_t shardOf(std::string_view value) { return Hash()(value) % shardCount; }
  std::array<Shard, shardCount> m_shards;
};

}  // namespace cachedeck::sample
