// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

/// Answers every request with the same `size` bytes of JSON and X-Cache, as plainly as libmicrohttpd can, with the flags and threads of the
/// service. Prints "listening on http://127.0.0.1:PORT" and stays until SIGTERM. The limit that the service is held against.
int serveBare(std::size_t size, unsigned threads);
