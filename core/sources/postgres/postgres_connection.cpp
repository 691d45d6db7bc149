// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_connection.h"

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/sources/postgres/postgres_arguments.h"
#include "core/sources/postgres/postgres_cancel.h"
#include "core/sources/postgres/postgres_certificate.h"
#include "core/sources/postgres/postgres_failure.h"
#include "core/sources/postgres/postgres_locale.h"

#include <libpq-fe.h>

#include <poll.h>

namespace cachedeck {

namespace {

QString seconds(std::chrono::milliseconds time) { return QString::number(static_cast<double>(time.count()) / 1000); }

void logNotice(void*, const char* message) {
  qCDebug(lcSource).noquote() << "PostgreSQL notice:" << failureDetail(QString::fromUtf8(message));
}

}  // namespace

void PostgresConnection::CloseLink::operator()(pg_conn* link) const { PQfinish(link); }

PostgresConnection::PostgresConnection(const SourceSettings& settings) : m_settings(settings) {}

PostgresConnection::~PostgresConnection() = default;

void PostgresConnection::close() { m_link.reset(); }

int PostgresConnection::serverVersion() const { return m_link ? PQserverVersion(m_link.get()) : 0; }

QString PostgresConnection::versionText() const {
  const char* text = m_link ? PQparameterStatus(m_link.get(), "server_version") : nullptr;
  return printable(QByteArray(text).split(' ').value(0), 40);
}

Result<void> PostgresConnection::open(std::stop_token stop) {
  close();
  const EnglishMessages english;
  auto target = postgresTarget(m_settings);
  if (!target) return target.error();
  m_endpoint = target->text();
  const Deadline deadline(target->patience);
  if (const auto resolved = resolvePlaces(*target, deadline, stop); !resolved) return resolved.error();
  auto established = establish(*target, deadline, stop);
  if (!established) close();
  return established;
}

Result<void> PostgresConnection::establish(const PostgresTarget& target, const Deadline& deadline, const std::stop_token& stop) {
  {
    const PostgresArguments arguments(target, m_settings);
    m_link.reset(PQconnectStartParams(arguments.keywords(), arguments.values(), 0));
  }
  PGconn* const link = m_link.get();
  if (!link) return fail(Error::Kind::Io, QStringLiteral("There is not enough memory to connect to %1.").arg(m_endpoint));
  PQsetNoticeProcessor(link, logNotice, nullptr);
  PQsetErrorVerbosity(link, PQERRORS_VERBOSE);
  PostgresPollingStatusType step = PQstatus(link) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING) {
    const auto outcome = m_waiter.wait(PQsocket(link), step == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline, stop);
    if (outcome == SocketWaiter::Outcome::TimedOut) return notEstablished(target, deadline, stop);
    if (outcome != SocketWaiter::Outcome::Ready) return ended(outcome);
    step = PQconnectPoll(link);
  }
  if (step != PGRES_POLLING_OK) return notEstablished(target, deadline, stop);
  PQsetErrorVerbosity(link, PQERRORS_DEFAULT);
  PQsetnonblocking(link, 1);  // also lets PQfinish end without waiting for a peer that does not read
  const PostgresPlace reached{PQhost(link), {}, PQport(link)};
  m_endpoint = reached.text();
  return {};
}

Result<void> PostgresConnection::notEstablished(const PostgresTarget& target, const Deadline& deadline, const std::stop_token& stop) {
  PGconn* const link = m_link.get();
  const QString text = QString::fromUtf8(PQerrorMessage(link));
  if (deadline.expired() && PQstatus(link) != CONNECTION_BAD) {
    if (PQstatus(link) == CONNECTION_STARTED)
      return fail(Error::Kind::Timeout, QStringLiteral("No answer from %1 in %2 s. Check address, port and firewall.").arg(m_endpoint, seconds(target.patience)));
    return fail(Error::Kind::Timeout, QStringLiteral("%1 took the connection but said nothing for %2 s. Is it PostgreSQL, and is the server not suspended?").arg(m_endpoint, seconds(target.patience)));
  }
  Error error = connectFailure(text, target);
  const bool refusedHere = text.contains(QStringLiteral("certificate verify failed")) || text.contains(QStringLiteral("server certificate"));
  if (error.kind == Error::Kind::Tls && refusedHere && PQhostaddr(link) && *PQhostaddr(link))
    explainCertificate(error, target.parameters, {PQhost(link), PQhostaddr(link), PQport(link)}, stop);
  return error;
}

Error PostgresConnection::ended(SocketWaiter::Outcome outcome) {
  const bool established = m_link && PQstatus(m_link.get()) == CONNECTION_OK;
  if (established && outcome == SocketWaiter::Outcome::TimedOut) cancelInBackground(m_link.get());
  close();
  if (outcome == SocketWaiter::Outcome::Stopped) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  if (outcome == SocketWaiter::Outcome::TimedOut)
    return fail(Error::Kind::Timeout, QStringLiteral("%1 did not answer a statement in time. The server is suspended, overloaded, or the network is cut.").arg(m_endpoint));
  return fail(Error::Kind::Io, QStringLiteral("The socket to %1 cannot be waited for. The process may have no file descriptors left.").arg(m_endpoint));
}

}  // namespace cachedeck
