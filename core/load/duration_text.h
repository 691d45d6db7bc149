// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/scenario.h"

#include <optional>
#include <string>
#include <string_view>

namespace cachedeck::load {

/// "1m30s", "300ms", "1.5h", "24h", "2d": as k6 and Go write lengths of time, down to whole milliseconds, up to a year. Nothing for anything else, a bare number or a negative one too.
std::optional<Millis> parseDuration(std::string_view text);
/// The same back: "1m30s", "300ms", "0s".
std::string durationText(Millis duration);

}  // namespace cachedeck::load
