// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/http_link.h"

#include <chrono>
#include <stop_token>

namespace cachedeck::load {

/// The addresses of a host, IPv4 before IPv6 as the system orders them. Looks the name up on a thread of its own, since that cannot be interrupted; gives up after `most`.
Expected<std::vector<Address>, std::string> resolve(const std::string& host, std::uint16_t port, std::chrono::milliseconds most, const std::stop_token& stop);

}  // namespace cachedeck::load
