// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pool.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

namespace cachedeck::test {

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;
using Kind = Failure::Kind;

/// For what has to be done at some time: a loaded machine may be slow.
inline Time soon() { return in(60s); }
/// For what has to run out of its time, but not before it has begun.
inline Time later() { return in(3s); }

template <typename T>
QString complaint(const Outcome<T>& outcome) {
  return outcome ? QStringLiteral("no failure") : QString::fromStdString(outcome.error().message);
}

/// The only cell of a statement's answer, "NULL", or what went wrong.
inline QString cell(const Outcome<Rows>& rows) {
  if (!rows) return complaint(rows);
  if (rows->rows.size() != 1 || rows->rows[0].size() != 1) return QStringLiteral("%1 rows").arg(rows->rows.size());
  return QString::fromStdString(rows->rows[0][0].value_or("NULL"));
}

template <typename T>
QString ask(T& connection, const char* sql) {
  return cell(connection.query(sql, {}, soon()));
}

inline PoolOptions limits(int maxOpen, int maxIdle, std::chrono::milliseconds maxLifetime = 0ms, std::chrono::milliseconds maxIdleTime = 0ms) {
  PoolOptions options;
  options.maxOpen = maxOpen;
  options.maxIdle = maxIdle;
  options.maxLifetime = maxLifetime;
  options.maxIdleTime = maxIdleTime;
  options.connectTimeout = 30s;  // the machine may be busy
  return options;
}

inline std::unique_ptr<Pool> poolOf(const std::string& conninfo, const PoolOptions& options) {
  auto pool = Pool::make(conninfo, options);
  if (!pool) qFatal("%s", pool.error().message.c_str());
  return *std::move(pool);
}

inline Lease lent(Pool& pool) {
  auto lease = pool.acquire(soon());
  if (!lease) qFatal("%s", lease.error().message.c_str());
  return *std::move(lease);
}

/// The pool's connections as the server sees them.
inline int sessions(const PostgresServer& server) {
  return server.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck-app'")).toInt();
}

/// Every connection that was opened is there, or one counter tells why it was closed.
inline bool accountsForAll(const PoolStats& stats) {
  const auto closed = stats.closedMaxIdle + stats.closedLifetime + stats.closedIdleTime + stats.closedBroken;
  const bool does = stats.opened == closed + static_cast<std::uint64_t>(stats.open) && stats.open == stats.inUse + stats.idle;
  if (!does) qInfo() << "opened" << stats.opened << "closed" << closed << "open" << stats.open << "in use" << stats.inUse << "idle" << stats.idle;
  return does;
}

inline std::string conninfoOf(const PostgresServer& server) { return server.conninfo().toStdString(); }

/// That `outcome` failed in this way, and keeps the password to itself.
template <typename T>
bool failedAs(const Outcome<T>& outcome, Kind kind, const char* part) {
  const QString text = complaint(outcome);
  const bool as = !outcome && outcome.error().kind == kind && text.contains(QString::fromUtf8(part)) && !text.contains(QStringLiteral("Sesame"));
  if (!as) qInfo().noquote() << "got:" << (outcome ? -1 : static_cast<int>(outcome.error().kind)) << text;
  return as;
}

}  // namespace cachedeck::test
