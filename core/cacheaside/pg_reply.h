// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pg_connection.h"

#include <libpq-fe.h>

namespace cachedeck::cacheaside {

using PgResult = std::unique_ptr<pg_result, void (*)(pg_result*)>;

/// What the names of our prepared statements begin with.
inline constexpr char statementPrefix[] = "cachedeck_";

struct PgConnection::Call {
  Time begin, deadline;
  const std::stop_token& stop;
};

struct PgConnection::Reply {
  PgResult result{nullptr, PQclear};
  std::optional<Failure> failure;
  bool outdated = false;  ///< the statement has to be prepared anew, since what it reads was altered
  bool unknown = false;   ///< … since the server does not have it (DISCARD ALL, or a pooler in between)
};

}  // namespace cachedeck::cacheaside
