// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

struct pg_conn;
struct pg_result;

namespace cachedeck::cacheaside {

/// "127.0.0.1:5432", "[::1]:5432" or the path of the socket.
std::string endpointOf(const pg_conn* connection);

/// Why the connection could not be made; wants libpq's verbose texts (PQERRORS_VERBOSE), which have the SQLSTATE.
Failure connectFailure(const pg_conn* connection);
/// Why the server did not carry out a statement, with its SQLSTATE; without one, that the link broke.
Failure statementFailure(const pg_result* result, const std::string& endpoint);
/// Whether the server ended the session with this error.
bool endsSession(const pg_result* result);
Failure brokenLink(const char* libpqText, const std::string& endpoint);

}  // namespace cachedeck::cacheaside
