// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_rows.h"
#include "core/sources/postgres/postgres_target.h"
#include "core/sources/postgres/postgres_wait.h"

#include <memory>
#include <optional>

struct pg_conn;

namespace cachedeck {

/// One session on a PostgreSQL server through libpq's asynchronous interface, blocking on its Worker's thread: every
/// call ends at its deadline, or soon after the stop token, whatever the server, the network or a name server does.
class PostgresConnection {
 public:
  explicit PostgresConnection(const SourceSettings& settings);
  ~PostgresConnection();

  /// Resolves, connects and authenticates within 5 s in all (or the settings' connect_timeout).
  Result<void> open(std::stop_token stop);
  /// Never blocks. A statement under way is left to the server's statement_timeout.
  void close();
  bool isOpen() const { return m_link != nullptr; }

  using Parameters = std::vector<QByteArray>;
  /// Runs one statement with text parameters $1… and returns all rows, at most 16 MiB. After the deadline the statement
  /// is cancelled and the connection closed; it is also closed when the link breaks. An error that the server answers
  /// leaves it open; sqlState() then tells which.
  Result<PostgresRows> query(const QByteArray& sql, const Parameters& parameters, const Deadline& deadline, std::stop_token stop);

  /// SQLSTATE of the last query's error, empty when it had none or the error did not come from the server.
  const QByteArray& sqlState() const { return m_sqlState; }
  /// Where the session is: "host:port" or the socket's path; before open(), where it would go.
  const QString& endpoint() const { return m_endpoint; }
  /// As PQserverVersion: 150020 is 15.20. 0 when closed.
  int serverVersion() const;
  /// The first word of the server's own version text, "15.20".
  QString versionText() const;

 private:
  struct CloseLink {
    void operator()(pg_conn* link) const;
  };
  struct Collected;

  Result<void> establish(const PostgresTarget& target, const Deadline& deadline, const std::stop_token& stop);
  Result<void> notEstablished(const PostgresTarget& target, const Deadline& deadline, const std::stop_token& stop);
  Result<void> sendAll(const Deadline& deadline, const std::stop_token& stop);
  Result<void> collect(Collected& into, const Deadline& deadline, const std::stop_token& stop);
  Result<void> awaitResult(const Deadline& deadline, const std::stop_token& stop);
  Error ended(SocketWaiter::Outcome outcome);
  Error tooLarge();
  Error broken();

  const SourceSettings m_settings;
  SocketWaiter m_waiter;
  std::unique_ptr<pg_conn, CloseLink> m_link;
  QString m_endpoint;
  QByteArray m_sqlState;
};

}  // namespace cachedeck
