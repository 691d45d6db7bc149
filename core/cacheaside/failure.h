// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"

#include <chrono>
#include <string>

namespace cachedeck::cacheaside {

/// What went wrong: the kind drives behaviour, the message is one or two sentences for the operator, never with a secret.
struct Failure {
  enum class Kind {
    Usage,        ///< a wrong argument or setting; retrying the same is useless
    Timeout,      ///< not done within the deadline
    Unavailable,  ///< the server cannot be reached, or the link broke; a later attempt may do
    Auth,         ///< wrong or missing credentials
    Query,        ///< the server refused the statement or command
    Closed,       ///< the pool is shut down, or the caller asked to stop
  };
  Kind kind = Kind::Query;
  std::string message;
};

template <typename T>
using Outcome = Expected<T, Failure>;

/// Deadlines and ages are read from the monotonic clock.
using Time = std::chrono::steady_clock::time_point;

inline Time in(std::chrono::steady_clock::duration span) { return std::chrono::steady_clock::now() + span; }

}  // namespace cachedeck::cacheaside
