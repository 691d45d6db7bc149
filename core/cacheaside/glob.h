// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cachedeck::cacheaside {

/// Redis's own matching of keys: * ? [abc] [^a-z] and \ before a literal character. At most pattern × key steps, for any pattern;
/// never recurses.
bool globMatches(std::string_view pattern, std::string_view key);
/// True when the pattern has no wildcard and so names one key: globLiteral().
bool isLiteral(std::string_view pattern);
/// The key that a pattern without wildcards names.
std::string globLiteral(std::string_view pattern);
/// A text as a pattern that matches only itself.
std::string globEscaped(std::string_view text);
/// What every match begins with: the pattern up to its first wildcard, as plain text.
std::string globPrefix(std::string_view pattern);

/// The part of a key before its first ':' (all of it when there is none).
std::string_view keySegment(std::string_view key);
/// The same of every key that a pattern matches; nothing when a wildcard stands in it.
std::optional<std::string> globSegment(std::string_view pattern);

}  // namespace cachedeck::cacheaside
