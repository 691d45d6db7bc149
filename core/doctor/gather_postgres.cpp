// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/gather.h"
#include "core/doctor/words.h"
#include "core/sources/postgres/postgres_connection.h"
#include "core/sources/redis/dial.h"

namespace cachedeck::doctor {

namespace {

QByteArray figuresSql() {
  return QByteArray("SELECT ") + ownMark + R"(
      extract(epoch FROM clock_timestamp())::float8 AS now,
      (SELECT sum(numbackends) FROM pg_stat_database)::float8 AS backends,
      current_setting('superuser_reserved_connections')::float8 + coalesce(current_setting('reserved_connections', true), '0')::float8 AS reserved,
      (SELECT reset_val FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout') AS idle_timeout)";
}

// pg_blocking_pids looks at all locks for each session that it is asked of: only for those that wait for one. When a wait began is told since PostgreSQL 14: a
// statement may have run for an hour before it waits for a moment. The row goes through JSON, since older ones have no such column.
QByteArray sessionsSql() {
  return QByteArray("SELECT ") + ownMark + R"(
      pid::text, coalesce(usename, '') AS role, coalesce(application_name, '') AS application,
      CASE WHEN wait_event_type = 'Lock' THEN array_to_string(pg_blocking_pids(pid), ',') ELSE '' END AS blockers,
      coalesce(state LIKE 'idle in transaction%', false) AS idle,
      extract(epoch FROM clock_timestamp() - CASE WHEN wait_event_type = 'Lock'
        THEN coalesce((SELECT min((to_jsonb(one) ->> 'waitstart')::timestamptz) FROM pg_locks one WHERE one.pid = activity.pid AND NOT granted), query_start)
        ELSE state_change END)::float8 AS seconds
    FROM pg_stat_activity activity
    WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND (state LIKE 'idle in transaction%' OR wait_event_type = 'Lock')
    ORDER BY seconds DESC LIMIT 100)";
}

QString hostOf(const QString& endpoint) {
  if (endpoint.startsWith(QLatin1Char('/'))) return QStringLiteral("127.0.0.1");
  const qsizetype colon = endpoint.lastIndexOf(QLatin1Char(':'));
  QString host = colon > 0 ? endpoint.left(colon) : endpoint;
  if (host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']'))) host = host.mid(1, host.size() - 2);
  return host;
}

/// Whether the view can be read, by reading it.
StatementsAccess accessOf(PostgresConnection& connection, const PostgresCapabilities& caps, const std::stop_token& stop) {
  if (!caps.hasStatements()) return StatementsAccess::Missing;
  const QByteArray sql = QByteArray("SELECT ") + ownMark + " count(*) FROM (SELECT 1 FROM " + caps.extensionSchema + ".pg_stat_statements(false) LIMIT 1) one";
  const Result<PostgresRows> rows = connection.query(sql, {}, Deadline(requestDeadline), stop);
  return rows ? StatementsAccess::Fine : statementsAccess(connection.sqlState());
}

}  // namespace

PostgresEvidence gatherPostgres(Examination& examination, const SourceSettings& settings) {
  PostgresEvidence evidence;
  evidence.server.wanted = true;
  PostgresConnection connection(settings);
  const Result<void> opened = connection.open(examination.stop);
  evidence.server.endpoint = connection.endpoint();
  evidence.host = hostOf(evidence.server.endpoint);
  if (!opened) {
    evidence.server.error = opened.error();
    return evidence;
  }
  const auto ask = [&](const QByteArray& sql) { return connection.query(sql, {}, Deadline(requestDeadline), examination.stop); };
  if (const Result<PostgresRows> session = ask(sessionSql()); !session) {
    evidence.server.error = session.error();
    return evidence;
  }
  examination.looked += QStringLiteral("PostgreSQL %1 at %2").arg(clean(connection.versionText(), 40), evidence.server.endpoint);
  evidence.caps.readsAllStats = true;  // as long as nothing else is known
  if (const Result<PostgresRows> rows = ask(capabilitiesSql())) {
    evidence.caps = readCapabilities(*rows);
    evidence.statements = accessOf(connection, evidence.caps, examination.stop);
  } else {
    examination.miss(QStringLiteral("Rights and extensions of PostgreSQL"), rows.error());
  }
  const qint64 before = examination.nowMs();
  if (const Result<PostgresRows> rows = ask(figuresSql())) {
    const qint64 after = examination.nowMs();
    evidence.server.skewSeconds = rows->number(0, rows->column("now")) - static_cast<double>(before + after) / 2000;
    evidence.server.skewWithin = static_cast<double>(after - before) / 2000;
    evidence.backends = rows->number(0, rows->column("backends"));
    evidence.reserved = rows->number(0, rows->column("reserved"));
    evidence.idleTimeout = rows->text(0, rows->column("idle_timeout"));
  } else {
    examination.miss(QStringLiteral("Figures of PostgreSQL"), rows.error());
  }
  const Result<PostgresRows> rows = ask(sessionsSql());
  if (!rows) {
    examination.miss(QStringLiteral("Sessions of PostgreSQL"), rows.error());
    return evidence;
  }
  for (int row = 0; row < rows->rows(); ++row)
    evidence.sessions.append({rows->text(row, 0), rows->text(row, 1), rows->text(row, 2), rows->text(row, 3), rows->flag(row, 4), rows->number(row, 5)});
  return evidence;
}

}  // namespace cachedeck::doctor
