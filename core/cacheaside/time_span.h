// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace cachedeck::cacheaside {

/// "500ms", "90s", "10min", "2h", also negative; a whole number alone means seconds. Nothing when it is no such text, or further from
/// zero than `longest`, which is not negative.
std::optional<std::chrono::milliseconds> timeSpan(std::string_view text, std::chrono::milliseconds longest);

}  // namespace cachedeck::cacheaside
