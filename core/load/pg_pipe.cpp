// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/pg_pipe.h"

#include "core/cacheaside/pg_cancel.h"
#include "core/cacheaside/pg_failure.h"

#include <libpq-fe.h>

#include <bit>
#include <cstdlib>
#include <sys/epoll.h>
#include <utility>

namespace cachedeck::load {

namespace {

constexpr Oid int8Oid = 20, textOid = 25;

struct StatementRow {
  const char* name;
  int parameters;
};
constexpr std::array<StatementRow, pgStatementCount> statementRows{{{"cachedeck_load_select", 1}, {"cachedeck_load_update", 2}}};

// Notices would go to stderr otherwise.
void ignoreNotice(void*, const PGresult*) {}

bool isLocalLimit(const char* text) {
  const std::string_view words = text;
  return words.find("Too many open files") != words.npos || words.find("Cannot assign requested address") != words.npos;
}

std::uint64_t bigEndian(std::uint64_t value) {
  if constexpr (std::endian::native == std::endian::big) return value;
  return __builtin_bswap64(value);
}

}  // namespace

void PgPipe::drop(pg_result* result) { PQclear(result); }

int PgPipe::serverPid() const { return PQbackendPID(m_connection); }

void PgPipe::cancel() { cacheaside::cancelInBackground(m_connection); }

void PgPipe::open() {
  std::vector<const char*> keywords{"dbname"}, values{m_target.conninfo.c_str()};
  for (const auto& [keyword, value] : m_target.beside) {
    keywords.push_back(keyword);
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  m_phase = Phase::Connecting;
  m_prepared = {};
  m_connection = PQconnectStartParams(keywords.data(), values.data(), 1);
  if (!m_connection) return broken(FailureKind::LocalLimit, "there is not enough memory to connect to PostgreSQL");
  PQsetNoticeReceiver(m_connection, ignoreNotice, nullptr);
  PQsetErrorVerbosity(m_connection, PQERRORS_VERBOSE);  // connectFailure() wants the SQLSTATE
  if (PQstatus(m_connection) == CONNECTION_BAD) return lost();
  m_loop.arm(monotonicNs() + m_target.connectNs, *this, ++m_opened);
  m_fd = PQsocket(m_connection);
  m_wanted = EPOLLOUT;
  m_loop.watch(m_fd, m_wanted, *this);
}

void PgPipe::close() {
  if (m_fd >= 0) m_loop.forget(m_fd);
  m_fd = -1;
  m_call = nullptr;
  m_result.reset();
  if (m_connection) PQfinish(m_connection);
  m_connection = nullptr;
  m_phase = Phase::None;
}

void PgPipe::due(std::int64_t, std::uint64_t token) {
  if (m_phase == Phase::Connecting && token == m_opened) broken(FailureKind::Timeout, "PostgreSQL did not complete a connection within " + std::to_string(m_target.connectNs / 1'000'000) + " ms");
}

void PgPipe::want(std::uint32_t events) {
  if (events == m_wanted) return;
  m_wanted = events;
  m_loop.change(m_fd, events, *this);
}

void PgPipe::connectOn() {
  const PostgresPollingStatusType step = PQconnectPoll(m_connection);
  if (step == PGRES_POLLING_FAILED) return lost();
  // libpq may have gone on to another address, with another socket under the same number.
  m_loop.forget(m_fd);
  m_fd = PQsocket(m_connection);
  m_wanted = step == PGRES_POLLING_WRITING ? EPOLLOUT : EPOLLIN;
  m_loop.watch(m_fd, m_wanted, *this);
  if (step != PGRES_POLLING_OK) return;
  m_endpoint = cacheaside::endpointOf(m_connection);
  PQsetErrorVerbosity(m_connection, PQERRORS_DEFAULT);
  PQsetnonblocking(m_connection, 1);
  m_phase = Phase::Idle;
  m_owner.pgReady(*this, true);
}

void PgPipe::ask(PgCall& call) {
  m_call = &call;
  call.pipe = this;
  if (m_prepared[static_cast<std::size_t>(call.statement)]) sendCall();
  else prepare();
}

void PgPipe::prepare() {
  static constexpr std::array<Oid, 2> types{int8Oid, textOid};
  const auto which = static_cast<std::size_t>(m_call->statement);
  m_phase = Phase::Preparing;
  sent(PQsendPrepare(m_connection, statementRows[which].name, m_target.statements[which].c_str(), statementRows[which].parameters, types.data()));
}

void PgPipe::sendCall() {
  static constexpr std::array<int, 2> binary{1, 1};
  const StatementRow& row = statementRows[static_cast<std::size_t>(m_call->statement)];
  const std::uint64_t key = bigEndian(static_cast<std::uint64_t>(m_call->key));
  const std::array<const char*, 2> values{reinterpret_cast<const char*>(&key), m_call->value.data()};
  const std::array<int, 2> sizes{sizeof key, static_cast<int>(m_call->value.size())};
  m_phase = Phase::Asking;
  sent(PQsendQueryPrepared(m_connection, row.name, row.parameters, values.data(), sizes.data(), binary.data(), 1));
}

void PgPipe::sent(int done) {
  if (!done) return lost();
  flush();
}

void PgPipe::flush() {
  const int left = PQflush(m_connection);
  // A failure to write shows when it is read from: the server may have said why it ended the session.
  want(left > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void PgPipe::ready(std::uint32_t events) {
  if (m_fd < 0) return;  // closed earlier in the same turn
  if (m_phase == Phase::Connecting) return connectOn();
  if (events & EPOLLOUT) flush();
  if (events & ~std::uint32_t{EPOLLOUT}) receive();
}

void PgPipe::receive() {
  if (!PQconsumeInput(m_connection)) return lost();
  while (m_call && !PQisBusy(m_connection)) {
    Result result(PQgetResult(m_connection), drop);
    if (!result) return answered();
    if (!m_result) m_result = std::move(result);
  }
}

// The statement has come to its end, with whatever result.
void PgPipe::answered() {
  const Result result = std::exchange(m_result, Result(nullptr, drop));
  const ExecStatusType status = PQresultStatus(result.get());
  const bool failed = status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
  const std::string reason = failed ? cacheaside::statementFailure(result.get(), m_endpoint).message : std::string();
  if (failed && (PQstatus(m_connection) == CONNECTION_BAD || cacheaside::endsSession(result.get()))) return broken(FailureKind::Postgres, reason);
  if (!failed && m_phase == Phase::Preparing) {
    m_prepared[static_cast<std::size_t>(m_call->statement)] = true;
    return sendCall();
  }
  m_phase = Phase::Idle;
  PgCall& call = *std::exchange(m_call, nullptr);
  call.pipe = nullptr;
  // Before the caller, who would not find this one free for his next call, and let another be opened.
  m_owner.pgReady(*this, false);
  if (failed) call.pgFailed(FailureKind::Postgres, reason);
  else if (call.statement == PgStatement::Update) call.pgAnswered(std::atoi(PQcmdTuples(result.get())), {});
  else if (PQntuples(result.get()) != 1) call.pgAnswered(PQntuples(result.get()), {});
  else call.pgAnswered(1, {PQgetvalue(result.get(), 0, 0), static_cast<std::size_t>(PQgetlength(result.get(), 0, 0))});
}

// The link broke, or was never made. What the server said before it ended the session says more than that it did.
void PgPipe::lost() {
  if (m_phase == Phase::Connecting) {
    const bool local = isLocalLimit(PQerrorMessage(m_connection));
    const std::string reason = cacheaside::connectFailure(m_connection).message;
    return broken(local ? FailureKind::LocalLimit : FailureKind::Connect, reason, reason.find("SQLSTATE 53300") != reason.npos);
  }
  if (!m_result && !PQisBusy(m_connection)) m_result.reset(PQgetResult(m_connection));
  const char* const state = m_result ? PQresultErrorField(m_result.get(), PG_DIAG_SQLSTATE) : nullptr;
  broken(FailureKind::Postgres, state ? cacheaside::statementFailure(m_result.get(), m_endpoint).message : cacheaside::brokenLink(PQerrorMessage(m_connection), m_endpoint).message);
}

void PgPipe::broken(FailureKind kind, const std::string& reason, bool isFull) {
  PgCall* const call = m_call;
  if (call) call->pipe = nullptr;
  close();
  m_owner.pgBroke(*this, call, kind, reason, isFull);
}

}  // namespace cachedeck::load
