// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/sql_link.h"

#include "core/base/clock.h"
#include "core/base/text.h"

#include <libpq-fe.h>

#include <poll.h>
#include <vector>

namespace cachedeck::traffic {

using namespace std::chrono_literals;

void SqlLink::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

SqlLink::SqlLink(Login login) : m_login(std::move(login)) {}
SqlLink::~SqlLink() = default;

QString SqlLink::lastError() const { return m_connection ? printable(QByteArray(PQerrorMessage(m_connection.get())).trimmed(), 400) : QString(); }

bool SqlLink::open(std::stop_token stop) {
  if (m_connection && PQstatus(m_connection.get()) == CONNECTION_OK) return true;
  if (stop.stop_requested()) return false;
  const QByteArray port = QByteArray::number(m_login.port);
  const char* const keys[] = {"hostaddr", "port", "user", "password", "dbname", "application_name", "sslmode", "connect_timeout", nullptr};
  const char* const values[] = {"127.0.0.1", port.constData(), m_login.user.constData(), m_login.password.constData(),
                                m_login.database.constData(), m_login.application.constData(), "disable", "2", nullptr};
  m_connection.reset(PQconnectdbParams(keys, values, 0));
  if (PQstatus(m_connection.get()) != CONNECTION_OK) return false;
  PQsetNoticeProcessor(m_connection.get(), [](void*, const char*) {}, nullptr);
  return true;
}

bool SqlLink::awaitResult(std::stop_token stop) {
  const Deadline deadline(20s);
  while (PQisBusy(m_connection.get())) {
    pollfd wait{PQsocket(m_connection.get()), POLLIN, 0};
    if (stop.stop_requested() || deadline.expired()) return false;
    if (::poll(&wait, 1, 100) > 0 && !PQconsumeInput(m_connection.get())) return false;
  }
  return true;
}

Result<QByteArray> SqlLink::collect(std::stop_token stop) {
  QByteArray rows;
  QString failure;
  while (true) {
    if (!awaitResult(stop)) {
      close();
      return fail(Error::Kind::Unreachable, QStringLiteral("The database stopped answering."));
    }
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(m_connection.get()), &PQclear);
    if (!result) break;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) failure = printable(QByteArray(PQresultErrorMessage(result.get())).trimmed(), 400);
    for (int row = 0; row < PQntuples(result.get()); ++row)
      for (int column = 0, count = PQnfields(result.get()); column < count; ++column)
        rows.append(PQgetvalue(result.get(), row, column)).append(column + 1 < count ? '\t' : '\n');
  }
  if (!failure.isEmpty()) return fail(Error::Kind::Server, failure);
  return rows;
}

Result<QByteArray> SqlLink::run(const char* sql, const QList<QByteArray>& parameters, std::stop_token stop) {
  if (!open(stop)) return fail(Error::Kind::Unreachable, lastError());
  std::vector<const char*> values;
  for (const QByteArray& parameter : parameters) values.push_back(parameter.constData());
  const int sent = parameters.isEmpty() ? PQsendQuery(m_connection.get(), sql)
                                        : PQsendQueryParams(m_connection.get(), sql, static_cast<int>(values.size()), nullptr, values.data(),
                                                            nullptr, nullptr, 0);
  if (sent == 1) return collect(stop);
  const QString reason = lastError();
  close();
  return fail(Error::Kind::Unreachable, reason);
}

}  // namespace cachedeck::traffic
