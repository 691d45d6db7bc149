// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/options.h"

#include "app/sample/log.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <thread>

namespace cachedeck::sample {

using namespace cacheaside;
using namespace std::chrono_literals;

namespace {

// What the command line says, before it is understood.
struct Raw {
  std::string listen = "127.0.0.1:8080", redis = "redis://127.0.0.1:6379", queryCost = "20ms", wait = "10s";
  std::vector<std::string> pool, ttl;
  std::string cacheTimeout = "250ms";
  double ttlJitter = 0.1;
  Options options;
};

void declare(CLI::App& app, Raw& raw) {
  // Of an option given twice the last counts, as with other programs; --pool and --ttl gather all.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.set_version_flag("--version", "cachedeck-sample " CACHEDECK_VERSION);
  app.add_option("--listen", raw.listen, "Address and port; port 0 takes any free one")->capture_default_str();
  app.add_option("--postgres", raw.options.postgres, "Database, as postgresql://user@host:port/name or a libpq connection string");
  app.add_option("--redis", raw.redis, "Cache, as redis://user@host:port/db")->capture_default_str();
  app.add_option("--cache-timeout", raw.cacheTimeout, "The most that a look-up waits for Redis")->capture_default_str();
  app.add_option("--cache", raw.options.cache, "redis, memory or none")->check(CLI::IsMember({"redis", "memory", "none"}))->capture_default_str();
  app.add_option("--pool-mode", raw.options.poolMode, "Limits of the connection pool: dev, staging or prod")->capture_default_str();
  app.add_option("--pool", raw.pool, "One limit of its own, e.g. max_open=30; may be repeated")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false)->type_name("FIELD=VALUE");
  app.add_option("--ttl", raw.ttl, "How long answers of a class are kept, e.g. risk=30; may be repeated")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false)->type_name("CLASS=SECONDS");
  app.add_option("--ttl-jitter", raw.ttlJitter, "By what share of it each answer's time differs, so that not all expire at once; 0 to 0.5")
      ->capture_default_str()->type_name("SHARE");
  app.add_option("--rows", raw.options.rows, "Risks that a new database gets")->check(CLI::Range(1L, 1000000L))->capture_default_str();
  app.add_option("--query-cost", raw.queryCost, "Time that each uncached statement takes at least, times the route's factor; 0: none")->capture_default_str();
  app.add_option("--threads", raw.options.threads, "Threads of the HTTP server; as many as processors")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--wait", raw.wait, "How long to try to reach the database at the start")->capture_default_str();
  app.add_option("--user", raw.options.user, "Name of the user; the password comes from CACHEDECK_SAMPLE_PASSWORD")->capture_default_str();
  app.add_flag("--reseed", raw.options.reseed, "Drop the tables and make them anew");
  app.footer(
      "Passwords come from the environment: CACHEDECK_SAMPLE_PASSWORD (of the user; made up and printed when not set),\n"
      "CACHEDECK_REDIS_PASSWORD, CACHEDECK_POSTGRES_PASSWORD (or PGPASSWORD, or ~/.pgpass).");
}

Failure wrong(std::string message) { return Failure{Failure::Kind::Usage, std::move(message)}; }

Outcome<void> understandListen(Raw& raw) {
  const std::size_t colon = raw.listen.rfind(':');
  std::string host = raw.listen.substr(0, colon);
  const std::string port = colon == std::string::npos ? "" : raw.listen.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  unsigned number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  if (host.empty() || port.empty() || read.ec != std::errc() || read.ptr != port.data() + port.size() || number > 65535)
    return wrong("--listen takes an address and a port, such as 127.0.0.1:8080; not \"" + raw.listen + "\".");
  raw.options.host = host;
  raw.options.port = static_cast<std::uint16_t>(number);
  return {};
}

Outcome<void> understandPool(Raw& raw) {
  const Outcome<PoolOptions> mode = poolMode(raw.options.poolMode);
  if (!mode) return mode.error();
  raw.options.pool = *mode;
  for (const std::string& assignment : raw.pool) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos) return wrong("--pool takes FIELD=VALUE, such as max_open=30; not \"" + assignment + "\".");
    const std::string field = assignment.substr(0, equals), value = assignment.substr(equals + 1);
    if (Outcome<void> set = overrideField(raw.options.pool, field, value); !set) return set;
  }
  return validate(raw.options.pool);
}

Outcome<void> understandRedis(Raw& raw) {
  Outcome<RedisSettings> settings = redisSettings(raw.redis);
  if (!settings) return settings.error();
  raw.options.redis = std::move(*settings);
  const char* password = std::getenv("CACHEDECK_REDIS_PASSWORD");
  if (password && raw.options.redis.password.empty()) raw.options.redis.password = password;
  hideInLog(raw.options.redis.password);
  return {};
}

Outcome<void> understandSpans(Raw& raw) {
  const Outcome<std::chrono::microseconds> cost = readSpan(raw.queryCost), wait = readSpan(raw.wait), cache = readSpan(raw.cacheTimeout);
  if (!cost || *cost > 3s) return wrong("--query-cost takes a time of at most 3 s, such as 20ms; not \"" + raw.queryCost + "\".");
  if (!wait || *wait > 1h) return wrong("--wait takes a time of at most an hour, such as 10s; not \"" + raw.wait + "\".");
  if (!cache || *cache < 1ms || *cache > 1min) return wrong("--cache-timeout takes a time from 1 ms to a minute, such as 250ms; not \"" + raw.cacheTimeout + "\".");
  raw.options.redis.connectTimeout = raw.options.redis.commandTimeout = std::chrono::duration_cast<std::chrono::milliseconds>(*cache);
  raw.options.queryCost = *cost;
  raw.options.wait = std::chrono::duration_cast<std::chrono::milliseconds>(*wait);
  return {};
}

Outcome<void> understand(Raw& raw) {
  for (const auto step : {understandListen, understandPool, understandRedis, understandSpans})
    if (Outcome<void> done = step(raw); !done) return done;
  for (const std::string& assignment : raw.ttl)
    if (Outcome<void> set = overrideTtl(raw.options.classes, assignment); !set) return set;
  if (!(raw.ttlJitter >= 0 && raw.ttlJitter <= 0.5)) return wrong("--ttl-jitter takes a share from 0 to 0.5, such as 0.1.");
  for (ClassPolicy& policy : raw.options.classes) policy.jitter = raw.ttlJitter;
  // Basic authentication has user:password.
  if (raw.options.user.empty() || raw.options.user.find(':') != std::string::npos) return wrong("--user takes a name, without a colon.");
  return {};
}

}  // namespace

int usualThreads() { return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2u, 8u)); }

std::variant<Options, Ending> readOptions(const std::vector<std::string>& arguments) {
  CLI::App app("A service of the reference system's shape: PostgreSQL through a cache.", "cachedeck-sample");
  Raw raw;
  declare(app, raw);
  try {
    // CLI11 takes them from the back, and without the program's name.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend() - 1));
  } catch (const CLI::CallForHelp&) {
    return Ending{0, app.help()};
  } catch (const CLI::CallForVersion& version) {
    return Ending{0, std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return Ending{2, redacted(error.what() + std::string("."))};
  }
  if (const Outcome<void> done = understand(raw); !done) return Ending{2, redacted(done.error().message)};
  return std::move(raw.options);
}

Outcome<std::chrono::microseconds> readSpan(const std::string& text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit(read.ptr, text.data() + text.size());
  const double factor = unit.empty() || unit == "s" ? 1e6 : unit == "ms" ? 1e3 : unit == "us" ? 1 : unit == "min" ? 6e7 : -1;
  if (read.ec != std::errc() || !(number >= 0 && number < 1e6) || factor < 0) return wrong("\"" + text + "\" is not a time.");
  return std::chrono::microseconds(std::llround(number * factor));
}

}  // namespace cachedeck::sample
