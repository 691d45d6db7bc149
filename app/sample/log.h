// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cachedeck::sample {

/// From now on this text appears as *** in the log; one of less than 6 bytes only where it stands by itself, and one of less than 4 not at all, as
/// that would tell what it is by what it hides.
void hideInLog(const std::string& secret);
/// Secrets replaced.
std::string redacted(std::string text);
/// One line on standard error, with the time (UTC), redacted, without control characters.
void logLine(std::string_view text);
/// The same, for what may come thousands of times: at most one such line a second, with how many were left out.
void logSparingly(std::string_view text);

}  // namespace cachedeck::sample
