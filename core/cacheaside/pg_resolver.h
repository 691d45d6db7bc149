// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <stop_token>
#include <string>
#include <vector>

namespace cachedeck::cacheaside {

/// The numeric addresses of a host name; of an address, itself. libpq would look the name up without any deadline.
Outcome<std::vector<std::string>> resolveHost(const std::string& host, Time deadline, const std::stop_token& stop);

}  // namespace cachedeck::cacheaside
