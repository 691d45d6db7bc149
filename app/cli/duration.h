// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <chrono>

namespace cachedeck {

/// What a TTL, and a filter by time, may be at most: as core/keys has it.
inline constexpr std::chrono::days longestTtl{10 * 365};

/// A length of time as people write it: 500ms, 10s, 2m, 1h, 60d; a bare number is seconds. Positive, at most `longest`.
Result<std::chrono::milliseconds> parseDuration(const QString& text, std::chrono::days longest = std::chrono::days(31));

}  // namespace cachedeck
