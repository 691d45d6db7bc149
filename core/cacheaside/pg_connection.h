// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"
#include "core/cacheaside/pg_wait.h"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

struct pg_conn;
struct pg_result;

namespace cachedeck::cacheaside {

/// A statement's parameter as text; nullopt is NULL.
using Parameter = std::optional<std::string>;

/// The rows of a statement, cells as PostgreSQL's text; nullopt is NULL.
struct Rows {
  std::vector<std::vector<std::optional<std::string>>> rows;
  long affected = 0;  ///< rows that INSERT, UPDATE, DELETE or MERGE changed
};

/// One connection to PostgreSQL, used by one thread at a time. Nothing blocks beyond its deadline: the sockets are
/// non-blocking and waited for with poll, names are looked up and statements cancelled on threads that nobody waits for.
class PgConnection {
 public:
  /// `conninfo`: a libpq connection string or URI; passwords may also come from PGPASSWORD, .pgpass or a service file.
  /// Auth, Unavailable, Timeout, Closed, or Usage when libpq does not accept the string or the server has no such database; connect_timeout in it is
  /// not looked at.
  static Outcome<std::unique_ptr<PgConnection>> open(const std::string& conninfo, Time deadline, std::stop_token stop = {});
  ~PgConnection();
  PgConnection(const PgConnection&) = delete;
  PgConnection& operator=(const PgConnection&) = delete;

  /// Runs one statement with $1 … parameters; it is prepared when first seen on this connection (the first 256, the others
  /// run unprepared). After Timeout by the deadline, or Closed, the statement is cancelled on the server and the connection
  /// is no longer usable; both leave it usable when they came before the statement was sent. A statement that the server's
  /// own statement_timeout or lock_timeout ended is a Timeout too, and the connection goes on. COPY is not supported.
  Outcome<Rows> query(const std::string& sql, std::span<const Parameter> parameters, Time deadline, std::stop_token stop = {});
  /// Runs several statements, parted by semicolons, without parameters, as one transaction.
  Outcome<void> script(const std::string& sql, Time deadline, std::stop_token stop = {});

  /// False once the link broke or a statement was abandoned: the connection can only be closed.
  bool usable() const;
  /// False inside an open transaction.
  bool idle() const;
  /// Looks, without waiting, whether the server has closed the link while nobody used it.
  bool stillThere();
  int serverPid() const;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  struct Call;   // when and how long
  struct Reply;  // a result or a failure

  PgConnection();
  static void onNotice(void* self, const pg_result* notice);
  Outcome<void> establish(const std::string& conninfo, const Call& call);
  Outcome<void> admissible(const std::string& sql, std::span<const Parameter> parameters, const Call& call) const;
  Reply attempt(const std::string& sql, std::span<const char* const> values, const Call& call);
  std::optional<Failure> prepare(const std::string& sql, const Call& call);
  Reply exchange(int sent, const Call& call);
  std::optional<Failure> flush(const Call& call);
  std::optional<Failure> await(const Call& call);
  void take(Reply& reply, std::unique_ptr<pg_result, void (*)(pg_result*)> result);
  Failure abandon(PgWait::Outcome outcome, const Call& call);
  void broke(Reply& reply);

  std::unique_ptr<pg_conn, Finish> m_connection;
  std::unordered_map<std::string, std::string> m_prepared;  // statement text → name on the server
  std::size_t m_names = 0;                                  // made on the server so far, those of outdated plans included
  unsigned m_serial = 0;
  PgWait m_wait;
  std::string m_endpoint;
  bool m_over = false;  // a statement was abandoned, or the server ended the session
};

}  // namespace cachedeck::cacheaside
