// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace cachedeck::cacheaside {

/// Query parameters, sorted by name.
using Parameters = std::map<std::string, std::string, std::less<>>;

/// "risk:list:page:{page}:sev:{severity}" with the names in braces filled in from the parameters; one that is missing or empty
/// becomes "all", and a value that is "all" becomes "%61ll": they ask for different things. In values everything but letters, digits,
/// '-', '_', '.', '~' is percent-encoded, so that a value can neither end its field nor be a wildcard.
std::string filledKey(std::string_view keyTemplate, const Parameters& parameters);

/// A value as it stands in a key: percent-encoded as above, "all" too.
std::string encodedValue(std::string_view value);

/// A key for any GET: "http:/path?a=1&b=2", the parameters sorted by name and encoded as above, the path too, except for its '/'.
std::string requestKey(std::string_view path, const Parameters& parameters);

/// 32 hexadecimal digits of a text (XXH3, 128 bits), the same on every machine: for keys of free text.
std::string textHash(std::string_view text);

}  // namespace cachedeck::cacheaside
