// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace cachedeck::cacheaside {

/// What libpq gets beside the connection string: keyword and value.
using PgSettings = std::vector<std::pair<const char*, std::string>>;

/// Usage when libpq would not accept the string, its service or the PG… environment; no name is looked up. The texts of
/// libpq are not passed on: they quote parts of passwords.
Outcome<void> checkConninfo(const std::string& conninfo);

/// The addresses of the hosts that the string names, and limits that it does not set itself.
Outcome<PgSettings> settingsBeside(const std::string& conninfo, Time deadline, const std::stop_token& stop);

}  // namespace cachedeck::cacheaside
