// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_failure.h"

#include "core/cacheaside/pg_text.h"

#include <libpq-fe.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace cachedeck::cacheaside {

namespace {

using Kind = Failure::Kind;

/// What the server said, out of libpq's text "FATAL:  28P01: password authentication failed …".
struct ServerAnswer {
  std::string state, message;
};

bool isState(std::string_view text) {
  return text.size() == 5 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

std::optional<ServerAnswer> serverAnswer(std::string_view text) {
  constexpr std::string_view mark = ":  ";
  std::optional<ServerAnswer> best;
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
    const auto state = text.substr(at + mark.size(), 5), rest = text.substr(std::min(text.size(), at + mark.size() + 5));
    if (!isState(state) || !rest.starts_with(": ")) continue;
    // Of two attempts, with TLS and without, a wrong password says more than the missing pg_hba.conf entry of the other.
    if (!best || state == "28P01") best = ServerAnswer{std::string(state), firstLine(rest.substr(2))};
  }
  return best;
}

/// libpq's own words, after "connection to server at … failed: ".
std::string reasonIn(std::string_view text) {
  const std::string line = firstLine(text);
  constexpr std::string_view failed = " failed: ";
  const auto at = line.rfind(failed);
  return at == line.npos ? line : line.substr(at + failed.size());
}

std::string said(const ServerAnswer& answer) { return " (SQLSTATE " + answer.state + "): " + answer.message + "."; }

Failure refused(const ServerAnswer& answer, const std::string& endpoint) {
  if (answer.state.starts_with("28"))
    return {Kind::Auth, "PostgreSQL at " + endpoint + " refused the login" + said(answer) + " Check user, password and pg_hba.conf."};
  if (answer.state == "42501")
    return {Kind::Auth, "PostgreSQL at " + endpoint + " refused the login" + said(answer) + " Grant the user CONNECT on the database."};
  if (answer.state == "53300")
    return {Kind::Unavailable, "PostgreSQL at " + endpoint + " takes no more connections" + said(answer) +
                                   " Lower max_open, or raise max_connections there."};
  if (answer.state == "3D000")
    return {Kind::Usage, "PostgreSQL at " + endpoint + " does not have this database" + said(answer) + " Check its name."};
  if (answer.state == "57P03") return {Kind::Unavailable, "PostgreSQL at " + endpoint + " is not ready" + said(answer) + " Try again."};
  return {Kind::Unavailable, "PostgreSQL at " + endpoint + " refused the connection" + said(answer)};
}

}  // namespace

std::string endpointOf(const pg_conn* connection) {
  const char* const hostText = PQhost(connection);
  const char* const portText = PQport(connection);
  const std::string host = printable(hostText ? hostText : "", 100), port = printable(portText ? portText : "", 20);
  if (host.starts_with('/') || host.starts_with('@')) return host + "/.s.PGSQL." + port;
  return (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + port;
}

Failure connectFailure(const pg_conn* connection) {
  const std::string endpoint = endpointOf(connection);
  const char* const text = PQerrorMessage(connection);
  if (const auto answer = serverAnswer(text)) return refused(*answer, endpoint);
  if (PQconnectionNeedsPassword(connection))
    return {Kind::Auth, "PostgreSQL at " + endpoint + " asks for a password, and none is given. Set PGPASSWORD, or put it into ~/.pgpass."};
  return {Kind::Unavailable, "PostgreSQL at " + endpoint + " cannot be reached: " + reasonIn(text) +
                                 ". Check that it runs, and its address and port."};
}

Failure statementFailure(const pg_result* result, const std::string& endpoint) {
  const char* const stateText = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (!stateText) return brokenLink(PQresultErrorMessage(result), endpoint);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const ServerAnswer answer{printable(stateText, 5), firstLine(message ? message : "")};
  if (endsSession(result))
    return {Kind::Unavailable, "PostgreSQL at " + endpoint + " ended the session" + said(answer) + " Try again on a new connection."};
  if (answer.state == "57014")
    return {Kind::Timeout, "PostgreSQL at " + endpoint + " cancelled the statement" + said(answer)};
  if (answer.state == "55P03")
    return {Kind::Timeout, "The statement got no lock at PostgreSQL " + endpoint + said(answer) + " Look who holds it in pg_locks."};
  return {Kind::Query, "PostgreSQL at " + endpoint + " refused the statement" + said(answer)};
}

bool endsSession(const pg_result* result) {
  const char* const text = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const std::string_view severity = text ? text : "";
  return severity == "FATAL" || severity == "PANIC";
}

Failure brokenLink(const char* libpqText, const std::string& endpoint) {
  return {Kind::Unavailable, "The connection to PostgreSQL at " + endpoint + " broke: " + reasonIn(libpqText) + ". Try again on a new connection."};
}

}  // namespace cachedeck::cacheaside
