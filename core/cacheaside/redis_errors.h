// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <string>
#include <string_view>

namespace cachedeck::cacheaside {

/// What an error reply means for the cache.
struct Refusal {
  Failure failure;
  /// True when Redis as a whole is of no use for now (still loading, read-only, no access), not just for this command.
  bool away = false;
};

/// Sentences for `place`, "host:port". `command` is what was asked: "GET", "AUTH".
Refusal refusal(const std::string& place, std::string_view command, std::string_view serverText);

/// The ACL user may not do this: not at all, or not with these keys.
bool isForbidden(std::string_view serverText);
/// The ACL user may use the command, but not with these keys: so he cannot have stored them either.
bool areKeysForbidden(std::string_view serverText);

}  // namespace cachedeck::cacheaside
