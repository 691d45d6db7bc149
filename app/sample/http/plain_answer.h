// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cachedeck::sample {

/// Sends an error as JSON past the HTTP library, where that takes no answer, as far as the socket takes it at once. The connection is of no
/// further use then. False when nothing could be sent.
bool sendPlainAnswer(int socket, std::string_view statusLine, int status, std::string_view message, std::string_view header = {});

}  // namespace cachedeck::sample
