// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace cachedeck::cacheaside {

/// "250 ms", "5 s", "1.5 s"
std::string spanText(std::chrono::steady_clock::duration span);

/// One line of at most `longest` bytes for a message: what controls a terminal or the direction of writing is replaced.
std::string printable(std::string_view text, std::size_t longest = 300);

/// The first line that is not empty, printable, without a full stop at its end.
std::string firstLine(std::string_view text);

}  // namespace cachedeck::cacheaside
