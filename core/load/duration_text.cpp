// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/duration_text.h"

#include <charconv>
#include <cmath>

namespace cachedeck::load {

namespace {

struct Unit {
  std::string_view name;
  double ms;
};

// "ms" stands before "m", of which it begins with.
constexpr Unit units[] = {{"ms", 1}, {"us", 1e-3}, {"\u00b5s", 1e-3}, {"ns", 1e-6}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}};
constexpr double longest = 366 * 8.64e7;

const Unit* takeUnit(std::string_view& text) {
  for (const Unit& unit : units)
    if (text.starts_with(unit.name)) {
      text.remove_prefix(unit.name.size());
      return &unit;
    }
  return nullptr;
}

}  // namespace

std::optional<Millis> parseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text == "0") return Millis{0};
  double total = 0;
  while (!text.empty()) {
    if (text.front() < '0' || text.front() > '9') return std::nullopt;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const Unit* const unit = takeUnit(text);
    if (!unit) return std::nullopt;
    total += number * unit->ms;
  }
  const double rounded = std::round(total);
  if (total > longest || std::abs(total - rounded) > 1e-6) return std::nullopt;
  return Millis{static_cast<std::int64_t>(rounded)};
}

std::string durationText(Millis duration) {
  std::int64_t left = duration.count();
  if (left <= 0) return "0s";
  std::string text;
  for (const auto& [name, ms] : {std::pair<const char*, std::int64_t>{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}) {
    if (left >= ms) text += std::to_string(left / ms) + name;
    left %= ms;
  }
  return text;
}

}  // namespace cachedeck::load
