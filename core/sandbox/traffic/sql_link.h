// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QList>

#include <memory>
#include <stop_token>

struct pg_conn;

namespace cachedeck::traffic {

/// One PostgreSQL connection to our own server; opened when first needed and after each loss. Nothing blocks for long
/// after stop is requested, even when the server is stopped.
class SqlLink {
 public:
  struct Login {
    quint16 port = 0;
    QByteArray user, password, database, application;
  };
  explicit SqlLink(Login login);
  ~SqlLink();
  SqlLink(const SqlLink&) = delete;
  SqlLink& operator=(const SqlLink&) = delete;

  /// Rows by line, columns parted by tabs. Parameters are text, $1 first; without any, the text may hold several
  /// statements.
  Result<QByteArray> run(const char* sql, const QList<QByteArray>& parameters, std::stop_token stop);
  bool open(std::stop_token stop);
  void close() { m_connection.reset(); }
  QString lastError() const;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  bool awaitResult(std::stop_token stop);
  Result<QByteArray> collect(std::stop_token stop);

  const Login m_login;
  std::unique_ptr<pg_conn, Finish> m_connection;
};

}  // namespace cachedeck::traffic
