// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/time_span.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace cachedeck::cacheaside {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

std::optional<milliseconds> timeSpan(std::string_view text, milliseconds longest) {
  struct Unit {
    std::string_view name;
    milliseconds span;
  };
  static constexpr std::array units{Unit{"", 1s}, Unit{"ms", 1ms}, Unit{"s", 1s}, Unit{"min", 1min}, Unit{"h", 1h}};
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc()) return std::nullopt;
  const auto unit = std::ranges::find(units, text.substr(static_cast<std::size_t>(end - text.data())), &Unit::name);
  if (unit == units.end()) return std::nullopt;
  const std::int64_t most = longest / unit->span;  // compared before the multiplication, which could overflow
  if (count > most || count < -most) return std::nullopt;
  return count * unit->span;
}

}  // namespace cachedeck::cacheaside
