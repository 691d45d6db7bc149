// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_connection.h"

#include "core/cacheaside/pg_cancel.h"
#include "core/cacheaside/pg_failure.h"
#include "core/cacheaside/pg_reply.h"
#include "core/cacheaside/pg_target.h"
#include "core/cacheaside/pg_text.h"

#include <poll.h>

#include <algorithm>

namespace cachedeck::cacheaside {

using Kind = Failure::Kind;

void PgConnection::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

PgConnection::PgConnection() = default;

PgConnection::~PgConnection() = default;

Outcome<std::unique_ptr<PgConnection>> PgConnection::open(const std::string& conninfo, Time deadline, std::stop_token stop) {
  std::unique_ptr<PgConnection> made(new PgConnection);
  const Time begin = std::chrono::steady_clock::now();
  if (const auto done = made->establish(conninfo, {begin, std::max(deadline, begin), stop}); !done) return done.error();
  return made;
}

Outcome<void> PgConnection::establish(const std::string& conninfo, const Call& call) {
  const auto settings = settingsBeside(conninfo, call.deadline, call.stop);
  if (!settings) return settings.error();
  std::vector<const char*> keywords{"dbname"}, values{conninfo.c_str()};
  for (const auto& [keyword, value] : *settings) {
    keywords.push_back(keyword);
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  m_connection.reset(PQconnectStartParams(keywords.data(), values.data(), 1));
  PGconn* const link = m_connection.get();
  if (!link) return Failure{Kind::Unavailable, "There is not enough memory to connect to PostgreSQL."};
  PQsetNoticeReceiver(link, onNotice, this);
  PQsetErrorVerbosity(link, PQERRORS_VERBOSE);
  auto step = PQstatus(link) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING) {
    const auto outcome = m_wait.wait(PQsocket(link), step == PGRES_POLLING_READING ? POLLIN : POLLOUT, call.deadline, call.stop);
    m_endpoint = endpointOf(link);
    if (outcome != PgWait::Outcome::Ready) return abandon(outcome, call);
    step = PQconnectPoll(link);
  }
  if (step != PGRES_POLLING_OK) return connectFailure(link);
  m_endpoint = endpointOf(link);
  PQsetErrorVerbosity(link, PQERRORS_DEFAULT);
  PQsetnonblocking(link, 1);  // also lets PQfinish end without waiting for a peer that does not read
  return {};
}

Failure PgConnection::abandon(PgWait::Outcome outcome, const Call& call) {
  const auto status = PQstatus(m_connection.get());
  m_over = true;
  if (status == CONNECTION_OK) cancelInBackground(m_connection.get());
  const std::string at = "PostgreSQL at " + m_endpoint;
  if (outcome == PgWait::Outcome::Stopped) return {Kind::Closed, "Stopped while waiting for " + at + "."};
  if (outcome == PgWait::Outcome::Failed)
    return {Kind::Unavailable, "The socket to " + at + " cannot be waited for. The process may have no file descriptors left."};
  const std::string within = " within " + spanText(call.deadline - call.begin);
  if (status == CONNECTION_OK)
    return {Kind::Timeout, at + " did not answer the statement" + within +
                               ", so it was cancelled. Look for locks and slow statements in pg_stat_activity."};
  if (status == CONNECTION_STARTED) return {Kind::Timeout, "No answer from " + at + within + ". Check address, port and firewall."};
  return {Kind::Timeout, at + " took the connection but did not complete the login" + within + ". Is the server suspended or overloaded?"};
}

void PgConnection::onNotice(void* self, const pg_result* notice) {
  // Notices would go to stderr otherwise. The server also says in one why it ends a session that nobody uses.
  if (endsSession(notice)) static_cast<PgConnection*>(self)->m_over = true;
}

bool PgConnection::usable() const { return m_connection && !m_over && PQstatus(m_connection.get()) == CONNECTION_OK; }

bool PgConnection::idle() const { return PQtransactionStatus(m_connection.get()) == PQTRANS_IDLE; }

bool PgConnection::stillThere() {
  PGconn* const link = m_connection.get();
  // What comes unasked is a parameter's new value, a notice, a TLS ticket: read it, until nothing or the end is left.
  for (int i = 0; usable() && readable(PQsocket(link)); ++i)
    if (i == 100 || !PQconsumeInput(link) || PQisBusy(link)) m_over = true;
  return usable();
}

int PgConnection::serverPid() const { return PQbackendPID(m_connection.get()); }

}  // namespace cachedeck::cacheaside
