// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pool_options.h"

#include "core/cacheaside/pg_text.h"
#include "core/cacheaside/time_span.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace cachedeck::cacheaside {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int mostOpen = 10'000;
constexpr milliseconds longest = 24h * 365;
constexpr milliseconds longestReadable = longest * 1000;  // far from where the arithmetic ends

PoolOptions limits(int maxOpen, int maxIdle, milliseconds maxLifetime, milliseconds maxIdleTime) {
  PoolOptions options;
  options.maxOpen = maxOpen;
  options.maxIdle = maxIdle;
  options.maxLifetime = maxLifetime;
  options.maxIdleTime = maxIdleTime;
  return options;
}

int shareOf(int maxOpen, int percent) { return static_cast<int>((static_cast<long long>(maxOpen) * percent + 99) / 100); }

Failure usage(std::string message) { return {Failure::Kind::Usage, std::move(message)}; }

std::optional<int> parseCount(std::string_view text) {
  int count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  return error == std::errc() && end == last ? std::optional(count) : std::nullopt;
}

struct Field {
  std::string_view name;
  int PoolOptions::*count;
  milliseconds PoolOptions::*time;
};
constexpr std::array fields{Field{"max_open", &PoolOptions::maxOpen, nullptr},
                            Field{"max_idle", &PoolOptions::maxIdle, nullptr},
                            Field{"max_lifetime", nullptr, &PoolOptions::maxLifetime},
                            Field{"max_idle_time", nullptr, &PoolOptions::maxIdleTime},
                            Field{"connect_timeout", nullptr, &PoolOptions::connectTimeout},
                            Field{"warning_open", &PoolOptions::warningOpen, nullptr},
                            Field{"critical_open", &PoolOptions::criticalOpen, nullptr}};

template <typename Table>
std::string namesIn(const Table& table) {
  std::string text;
  for (const auto& row : table) text += (text.empty() ? "" : ", ") + std::string(row.name);
  return text;
}

std::string exactText(milliseconds span) {
  return span.count() % 1000 == 0 ? std::to_string(span.count() / 1000) + " s" : std::to_string(span.count()) + " ms";
}

Outcome<void> validateThresholds(const PoolOptions& options) {
  for (const Field& field : fields) {
    if (field.name != "warning_open" && field.name != "critical_open") continue;
    if (const int value = options.*field.count; value < 0 || value > options.maxOpen)
      return usage(std::string(field.name) + " is " + std::to_string(value) + "; it must be from 0 (its default) to max_open, which is " +
                   std::to_string(options.maxOpen) + ".");
  }
  if (options.warningAt() > options.criticalAt())
    return usage("warning_open is " + std::to_string(options.warningAt()) + (options.warningOpen ? "" : " (80 % of max_open)") +
                 ", above critical_open, which is " + std::to_string(options.criticalAt()) + (options.criticalOpen ? "" : " (95 % of max_open)") +
                 ". It must not be above it.");
  return {};
}

}  // namespace

int PoolOptions::warningAt() const { return warningOpen ? warningOpen : shareOf(maxOpen, 80); }
int PoolOptions::criticalAt() const { return criticalOpen ? criticalOpen : shareOf(maxOpen, 95); }

std::span<const PoolMode> poolModes() {
  static const std::array modes{PoolMode{"dev", limits(10, 2, 10min, 2min)}, PoolMode{"staging", limits(50, 10, 30min, 5min)},
                                PoolMode{"prod", limits(100, 25, 60min, 10min)}};
  return modes;
}

Outcome<PoolOptions> poolMode(std::string_view name) {
  for (const PoolMode& mode : poolModes())
    if (mode.name == name) return mode.options;
  return usage("There is no pool mode “" + printable(name, 40) + "”. The modes are: " + namesIn(poolModes()) + ".");
}

Outcome<void> overrideField(PoolOptions& options, std::string_view field, std::string_view value) {
  const auto found = std::find_if(fields.begin(), fields.end(), [field](const Field& one) { return one.name == field; });
  if (found == fields.end()) return usage("The pool has no field “" + printable(field, 40) + "”. The fields are: " + namesIn(fields) + ".");
  const std::string given = std::string(field) + " cannot be “" + printable(value, 40) + "”: ";
  if (found->count) {
    const auto count = parseCount(value);
    if (!count) return usage(given + "it takes a whole number.");
    options.*found->count = *count;
    return {};
  }
  const auto time = timeSpan(value, longestReadable);
  if (!time) return usage(given + "it takes a time such as 500ms, 90s, 10min, 1h; a number alone means seconds.");
  options.*found->time = *time;
  return {};
}

Outcome<void> validate(const PoolOptions& options) {
  if (options.maxOpen < 1) return usage("max_open is " + std::to_string(options.maxOpen) + "; it must be at least 1.");
  if (options.maxOpen > mostOpen)
    return usage("max_open is " + std::to_string(options.maxOpen) + "; it must be at most " + std::to_string(mostOpen) +
                 ". PostgreSQL starts a process for each connection: a few hundred are many.");
  if (options.maxIdle < 0) return usage("max_idle is " + std::to_string(options.maxIdle) + "; it must not be negative.");
  if (options.maxIdle > options.maxOpen)
    return usage("max_idle is " + std::to_string(options.maxIdle) + ", above max_open, which is " + std::to_string(options.maxOpen) +
                 ". Lower max_idle or raise max_open.");
  for (const Field& field : fields) {
    if (!field.time) continue;
    const milliseconds time = options.*field.time;
    const std::string is = std::string(field.name) + " is " + exactText(time);
    if (time < 0ms) return usage(is + "; it must not be negative.");
    if (time > longest) return usage(is + "; it must not be longer than 365 days.");
  }
  if (options.connectTimeout == 0ms) return usage("connect_timeout is 0; it must be longer, such as 3s.");
  return validateThresholds(options);
}

}  // namespace cachedeck::cacheaside
