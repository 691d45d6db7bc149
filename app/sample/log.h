// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cachedeck::sample {

/// From now on this text appears as *** in the log.
void hideInLog(const std::string& secret);
/// Secrets replaced.
std::string redacted(std::string text);
/// One line on standard error, redacted, without control characters.
void logLine(std::string_view text);
/// The same, for what may come thousands of times: at most one such line a second, with how many were left out.
void logSparingly(std::string_view text);

}  // namespace cachedeck::sample
