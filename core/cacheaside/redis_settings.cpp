// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_backend.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace cachedeck::cacheaside {

namespace {

Failure usage(std::string message) { return {Failure::Kind::Usage, std::move(message)}; }

std::optional<int> number(std::string_view text, int least, int most) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out < least || out > most) return {};
  return out;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    int byte = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2 || byte <= 0) return {};
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

/// Cut off at the first `mark`: what stands before it; `text` keeps what stands behind it, or nothing.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view front = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return front;
}

Outcome<void> readDatabase(std::string_view text, RedisSettings& settings) {
  const std::optional<int> database = number(text, 0, 1 << 20);
  if (!database) return usage("The database in the Redis URL has to be a whole number, as in redis://host:6379/0.");
  settings.database = *database;
  return {};
}

Outcome<void> readUser(std::string_view text, RedisSettings& settings) {
  const std::optional<std::string> user = decoded(cut(text, ':'));
  const std::optional<std::string> password = decoded(text);
  if (!user || !password) return usage("The user name or password in the Redis URL is not percent-encoded correctly. Write a “%” as %25.");
  settings.user = *user;
  settings.password = *password;
  return {};
}

Outcome<void> readHost(std::string_view text, RedisSettings& settings) {
  std::string_view port;
  if (text.starts_with('[')) {
    text.remove_prefix(1);
    settings.host = cut(text, ']');
    if (!text.empty() && !text.starts_with(':')) return usage("In the Redis URL something stands between the address in brackets and the port.");
    port = text.empty() ? text : text.substr(1);
  } else {
    const std::optional<std::string> host = decoded(cut(text, ':'));
    if (!host) return usage("The host in the Redis URL is not percent-encoded correctly.");
    settings.host = *host;
    port = text;
  }
  if (settings.host.empty()) return usage("The Redis URL has no host, as in redis://host:6379/0.");
  const std::optional<int> value = port.empty() ? settings.port : number(port, 1, 65535);
  if (!value) return usage("The port in the Redis URL has to be a number from 1 to 65535. Write an IPv6 address in brackets.");
  settings.port = *value;
  return {};
}

Outcome<void> readQuery(std::string_view query, RedisSettings& settings) {
  while (!query.empty()) {
    std::string_view item = cut(query, '&');
    if (cut(item, '=') != "db") return usage("The only parameter that a Redis URL may have behind its “?” is db.");
    if (Outcome<void> result = readDatabase(item, settings); !result) return result;
  }
  return {};
}

Outcome<RedisSettings> fromSocket(std::string_view rest) {
  RedisSettings settings;
  const std::string_view query = rest.substr(std::min(rest.size(), rest.find('?')));
  const std::optional<std::string> path = decoded(rest.substr(0, rest.size() - query.size()));
  if (!path || path->size() < 2 || path->front() != '/')
    return usage("A Unix socket's URL has an absolute path, with three slashes: unix:///run/redis/redis.sock?db=0.");
  if (path->size() > 107) return usage("The path of the Unix socket in the Redis URL is longer than the 107 bytes that the system allows.");
  settings.socket = *path;
  if (Outcome<void> result = readQuery(query.empty() ? query : query.substr(1), settings); !result) return result.error();
  return settings;
}

Outcome<RedisSettings> fromHost(std::string_view rest) {
  RedisSettings settings;
  const std::size_t at = rest.rfind('@');
  const std::string_view user = at == std::string_view::npos ? std::string_view() : rest.substr(0, at);
  // Otherwise the begin of such a password would be taken for the host.
  if (user.find_first_of("/?#") != std::string_view::npos)
    return usage("In the Redis URL an “@” stands behind the host. Write “/” in a password as %2F, “?” as %3F, “#” as %23.");
  if (at != std::string_view::npos) rest.remove_prefix(at + 1);
  std::string_view query = rest;
  std::string_view path = cut(query, '?');
  const std::string_view host = cut(path, '/');
  if (Outcome<void> result = readHost(host, settings); !result) return result.error();
  if (at != std::string_view::npos)
    if (Outcome<void> result = readUser(user, settings); !result) return result.error();
  if (!path.empty())
    if (Outcome<void> result = readDatabase(path, settings); !result) return result.error();
  if (Outcome<void> result = readQuery(query, settings); !result) return result.error();
  return settings;
}

}  // namespace

Outcome<RedisSettings> redisSettings(const std::string& url) {
  const std::string_view text = url;
  if (text.starts_with("redis://")) return fromHost(text.substr(8));
  if (text.starts_with("unix://")) return fromSocket(text.substr(7));
  if (text.starts_with("rediss://"))
    return usage("TLS (rediss://) is not supported by the cache. Use redis:// or unix://, if need be through a TLS tunnel.");
  return usage("A Redis URL begins with redis:// or unix://, as in redis://user:password@host:6379/0 or unix:///run/redis/redis.sock.");
}

}  // namespace cachedeck::cacheaside
