// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_failure.h"
#include "core/cacheaside/pg_reply.h"

#include <poll.h>

#include <string_view>
#include <utility>

namespace cachedeck::cacheaside {

using Kind = Failure::Kind;

PgConnection::Reply PgConnection::exchange(int sent, const Call& call) {
  Reply reply;
  if (!sent) {
    broke(reply);
    return reply;
  }
  if (auto failure = flush(call)) {
    reply.failure = std::move(failure);
    return reply;
  }
  for (;;) {
    if (auto failure = await(call)) {
      if (!reply.failure) reply.failure = std::move(failure);  // else the statement's own says more
      return reply;
    }
    PgResult result(PQgetResult(m_connection.get()), PQclear);
    if (!result) return reply;
    take(reply, std::move(result));
    if (m_over && reply.failure) return reply;
  }
}

std::optional<Failure> PgConnection::flush(const Call& call) {
  PGconn* const link = m_connection.get();
  for (;;) {
    const int left = PQflush(link);
    if (left == 0) return std::nullopt;
    Reply reply;
    if (left > 0) {
      // Reading, too, or server and client could wait for each other with full buffers.
      const auto outcome = m_wait.wait(PQsocket(link), POLLIN | POLLOUT, call.deadline, call.stop);
      if (outcome != PgWait::Outcome::Ready) return abandon(outcome, call);
      if (PQconsumeInput(link)) continue;
    }
    broke(reply);
    return std::move(reply.failure);
  }
}

std::optional<Failure> PgConnection::await(const Call& call) {
  PGconn* const link = m_connection.get();
  while (PQisBusy(link)) {
    const auto outcome = PQsocket(link) < 0 ? PgWait::Outcome::Ready : m_wait.wait(PQsocket(link), POLLIN, call.deadline, call.stop);
    if (outcome != PgWait::Outcome::Ready) return abandon(outcome, call);
    if (PQsocket(link) >= 0 && PQconsumeInput(link)) continue;
    Reply reply;
    broke(reply);
    return std::move(reply.failure);
  }
  return std::nullopt;
}

void PgConnection::take(Reply& reply, PgResult result) {
  switch (PQresultStatus(result.get())) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      reply.result = std::move(result);
      return;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:  // libpq would return it for ever
      m_over = true;
      reply.failure = Failure{Kind::Usage, "COPY from or to the client is not supported here; PostgreSQL at " + m_endpoint + " got none."};
      return;
    default:
      break;
  }
  const char* const state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  if (endsSession(result.get())) m_over = true;
  if (reply.failure) return;
  reply.failure = statementFailure(result.get(), m_endpoint);
  const char* const function = PQresultErrorField(result.get(), PG_DIAG_SOURCE_FUNCTION);
  const std::string_view code = state ? state : "";
  const char* const message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
  reply.outdated = code == "0A000" && function && std::string_view(function) == "RevalidateCachedQuery";
  reply.unknown = code == "26000" && message && std::string_view(message).find(statementPrefix) != std::string_view::npos;
}

void PgConnection::broke(Reply& reply) {
  PGconn* const link = m_connection.get();
  // A server that ends a session says why before it closes; once the link is down PQgetResult does not wait.
  while (PQstatus(link) == CONNECTION_BAD && !reply.failure) {
    PgResult result(PQgetResult(link), PQclear);
    if (!result) break;
    take(reply, std::move(result));
  }
  m_over = true;
  if (!reply.failure) reply.failure = brokenLink(PQerrorMessage(link), m_endpoint);
}

}  // namespace cachedeck::cacheaside
