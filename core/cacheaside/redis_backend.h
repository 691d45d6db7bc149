// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/backend.h"

#include <memory>

namespace cachedeck::cacheaside {

/// How Redis is reached.
struct RedisSettings {
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string socket;    ///< path of a Unix socket; then host and port do not matter
  std::string user;      ///< empty: the default user
  std::string password;  ///< empty: no AUTH
  int database = 0;
  std::chrono::milliseconds connectTimeout{250};
  std::chrono::milliseconds commandTimeout{250};  ///< the most that a look-up or a store loses to a Redis that hangs; a removal: this, or 1 s if that is longer
};

/// From "redis://user@host:port/db" or "unix:///path?db=0"; a password in it is taken too. Usage says what is wrong, without the URL's secret.
Outcome<RedisSettings> redisSettings(const std::string& url);

/// Redis, through as many blocking connections as threads use it at once. The first command that fails or takes too long
/// makes it unavailable for everybody, so that an outage costs one timeout a thread and not one a request; a thread of its own tries again
/// (0.1 to 1 s) and makes it available after what remove() could not carry out by then has been done. What is remembered while that is done, or
/// because a caller's time was over, is removed by the same thread while Redis is in use; its keys are found by nobody until then.
///
/// The ACL user needs, on the keys of his classes and no others, +get +mget +set +unlink; +scan for patterns with wildcards; +select when a
/// database is set. +ping and +client|setname are good to have.
///   - Without +unlink or +scan, what was to be removed would be served: from the first removal on Redis stays unavailable (Auth, with the command to
///     be granted) until it is granted.
///   - Keys that he may not touch he cannot have stored: remove() carries out the rest, answers Query, and does not remember them. So rights that
///     are taken and given back while the service runs bring back what was stored before.
///   - A server that answers reads but not writes (replica, full disk) is found out by the first write, and stays unavailable until it takes
///     one: it is asked again by removing the same key.
class RedisBackend : public Backend {
 public:
  explicit RedisBackend(RedisSettings settings);
  ~RedisBackend() override;

  const char* name() const override { return "redis"; }
  bool remote() const override { return true; }
  bool available() const override;
  /// PING; a user who may not PING is told so by a Redis that lives.
  Outcome<void> probe() override;
  Outcome<std::optional<std::string>> get(const std::string& key) override;
  Outcome<std::vector<std::optional<std::string>>> getMany(std::span<const std::string> keys) override;
  Outcome<void> set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl) override;
  Outcome<void> setMany(std::span<const Entry> entries) override;

 private:
  Outcome<std::vector<std::uint64_t>> removeBy(std::span<const std::string> patterns, Time deadline) override;
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace cachedeck::cacheaside
