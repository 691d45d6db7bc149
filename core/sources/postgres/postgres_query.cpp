// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_cancel.h"
#include "core/sources/postgres/postgres_connection.h"
#include "core/sources/postgres/postgres_failure.h"
#include "core/sources/postgres/postgres_locale.h"

#include <libpq-fe.h>

#include <poll.h>

namespace cachedeck {

namespace {

constexpr size_t largestResult = 16 << 20;
// TLS and the protocol add to what arrives; one message beyond this is no answer to any of our statements.
constexpr quint64 mostReceived = 2 * largestResult;

using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

QByteArrayList columnsOf(const PGresult* result) {
  QByteArrayList names;
  for (int i = 0; i < PQnfields(result); ++i) names += PQfname(result, i);
  return names;
}

}  // namespace

struct PostgresConnection::Collected {
  std::optional<PostgresRows> rows;
  std::optional<Error> error;
  QByteArray sqlState;
  bool tooLarge = false;
  bool unexpected = false;

  void take(const PGresult* result, const QString& endpoint) {
    if (!sqlState.isEmpty()) return;
    switch (PQresultStatus(result)) {
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
        takeRows(result);
        break;
      case PGRES_COMMAND_OK:
        if (!rows) rows.emplace();
        break;
      case PGRES_FATAL_ERROR:
      case PGRES_BAD_RESPONSE:
      case PGRES_NONFATAL_ERROR: {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        sqlState = state ? state : "";
        error = state ? statementFailure(sqlState, QString::fromUtf8(message), endpoint)
                      : brokenLink(QString::fromUtf8(PQresultErrorMessage(result)), endpoint);
        break;
      }
      default:  // COPY among them, which libpq would return for ever
        unexpected = true;
    }
  }
  void takeRows(const PGresult* result) {
    if (!rows) rows.emplace(columnsOf(result));
    for (int row = 0; row < PQntuples(result) && !tooLarge; ++row) {
      for (int column = 0; column < PQnfields(result); ++column) {
        if (PQgetisnull(result, row, column))
          rows->add(std::nullopt);
        else
          rows->add(QByteArrayView(PQgetvalue(result, row, column), PQgetlength(result, row, column)));
      }
      tooLarge = rows->size() > largestResult;
    }
  }
};

Result<PostgresRows> PostgresConnection::query(const QByteArray& sql, const Parameters& parameters, const Deadline& deadline, std::stop_token stop) {
  m_sqlState.clear();
  if (!m_link) return fail(Error::Kind::Unreachable, QStringLiteral("There is no connection to %1.").arg(m_endpoint));
  const EnglishMessages english;
  std::vector<const char*> values;
  for (const QByteArray& value : parameters) values.push_back(value.constData());
  if (!PQsendQueryParams(m_link.get(), sql.constData(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0)) return broken();
  PQsetSingleRowMode(m_link.get());
  if (const auto sent = sendAll(deadline, stop); !sent) return sent.error();
  Collected collected;
  const auto complete = collect(collected, deadline, stop);
  if (!collected.sqlState.isEmpty()) m_sqlState = collected.sqlState;
  // A FATAL error is the reason for the broken link that follows it.
  if (!complete) return collected.sqlState.isEmpty() ? complete.error() : *collected.error;
  if (PQstatus(m_link.get()) != CONNECTION_OK) close();
  if (collected.error) return *collected.error;
  return collected.rows ? std::move(*collected.rows) : PostgresRows();
}

Result<void> PostgresConnection::sendAll(const Deadline& deadline, const std::stop_token& stop) {
  for (;;) {
    const int left = PQflush(m_link.get());
    if (left == 0) return {};
    if (left < 0) return broken();
    const auto outcome = m_waiter.wait(PQsocket(m_link.get()), POLLIN | POLLOUT, deadline, stop);
    if (outcome != SocketWaiter::Outcome::Ready) return ended(outcome);
    if (!PQconsumeInput(m_link.get())) return broken();
  }
}

Result<void> PostgresConnection::collect(Collected& into, const Deadline& deadline, const std::stop_token& stop) {
  const FloodGuard guard(PQsocket(m_link.get()), mostReceived);
  for (;;) {
    if (const auto ready = awaitResult(deadline, stop); !ready) return guard.hasCut() ? tooLarge() : ready.error();
    const ResultHandle result(PQgetResult(m_link.get()), PQclear);
    if (!result) return {};
    into.take(result.get(), m_endpoint);
    if (into.tooLarge) return tooLarge();
    if (into.unexpected) {
      close();
      return fail(Error::Kind::Protocol, QStringLiteral("%1 answered a statement with something else than rows. Is this PostgreSQL?").arg(m_endpoint));
    }
  }
}

Result<void> PostgresConnection::awaitResult(const Deadline& deadline, const std::stop_token& stop) {
  PGconn* const link = m_link.get();
  while (PQisBusy(link)) {
    if (PQsocket(link) < 0) return broken();
    const auto outcome = m_waiter.wait(PQsocket(link), POLLIN, deadline, stop);
    if (outcome != SocketWaiter::Outcome::Ready) return ended(outcome);
    if (!PQconsumeInput(link)) return broken();
  }
  return {};
}

Error PostgresConnection::tooLarge() {
  if (m_link) cancelInBackground(m_link.get());
  close();
  return fail(Error::Kind::Protocol, QStringLiteral("%1 sent more than 16 MiB for one statement, so the answer was refused.").arg(m_endpoint));
}

Error PostgresConnection::broken() {
  Collected last;  // a server that ends a session says why before it closes
  if (PQstatus(m_link.get()) == CONNECTION_BAD)
    for (ResultHandle result(PQgetResult(m_link.get()), PQclear); result && last.sqlState.isEmpty(); result.reset(PQgetResult(m_link.get())))
      last.take(result.get(), m_endpoint);
  const Error error = last.sqlState.isEmpty() ? brokenLink(QString::fromUtf8(PQerrorMessage(m_link.get())), m_endpoint) : *last.error;
  m_sqlState = last.sqlState;
  close();
  return error;
}

}  // namespace cachedeck
