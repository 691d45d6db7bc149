// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <chrono>

namespace cachedeck {

/// A length of time as people write it: 500ms, 10s, 2m, 1h; a bare number is seconds. Positive, at most 31 days.
Result<std::chrono::milliseconds> parseDuration(const QString& text);

}  // namespace cachedeck
