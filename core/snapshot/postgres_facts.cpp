// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"
#include "core/snapshot/sql_text.h"
#include "core/sources/postgres/postgres_notes.h"
#include "core/sources/redis/dial.h"

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

// Those that decide how a database behind a cache behaves. An allow-list, since others (primary_conninfo, ssl_passphrase_command, archive_command) may hold secrets.
constexpr char settingNames[] =
    "{server_version,max_connections,superuser_reserved_connections,shared_buffers,effective_cache_size,work_mem,maintenance_work_mem,hash_mem_multiplier,temp_buffers,"
    "huge_pages,random_page_cost,seq_page_cost,effective_io_concurrency,default_statistics_target,max_worker_processes,max_parallel_workers,max_parallel_workers_per_gather,jit,"
    "wal_level,wal_buffers,max_wal_size,min_wal_size,checkpoint_timeout,checkpoint_completion_target,synchronous_commit,fsync,full_page_writes,wal_compression,"
    "autovacuum,autovacuum_max_workers,autovacuum_naptime,autovacuum_vacuum_scale_factor,autovacuum_analyze_scale_factor,autovacuum_vacuum_cost_limit,autovacuum_vacuum_cost_delay,"
    "statement_timeout,lock_timeout,idle_in_transaction_session_timeout,idle_session_timeout,deadlock_timeout,tcp_keepalives_idle,client_connection_check_interval,"
    "log_min_duration_statement,log_lock_waits,log_temp_files,track_io_timing,track_activity_query_size,shared_preload_libraries,"
    "pg_stat_statements.max,pg_stat_statements.track,pg_stat_statements.save,default_transaction_isolation,default_transaction_read_only}";

// The console's session sets these for itself: what others get is reset_val.
QByteArray settingsSql() {
  return QByteArray("SELECT ") + ownMark +
         " name, reset_val, unit, CASE WHEN source = 'session' THEN 'not known' ELSE source END AS source, pending_restart FROM pg_settings WHERE name = ANY($1::text[]) ORDER BY name";
}

constexpr qsizetype mostStatements = 50;

/// The costliest, of all roles together. More than are kept, since some become one when their literals are hidden.
QByteArray statementsSqlOf(const PostgresCapabilities& caps) {
  QByteArray sql = R"(SELECT @MARK@ coalesce(d.datname, '') AS database, left(min(s.query), 8000) AS query,
      sum(s.calls)::float8 AS calls, sum(s.@TOTAL@)::float8 AS total, sum(s.rows)::float8 AS rows
    FROM @SCHEMA@.pg_stat_statements(true) s LEFT JOIN pg_database d ON d.oid = s.dbid
    WHERE s.queryid IS NOT NULL AND strpos(left(s.query, 64), '@MARK@') = 0
    GROUP BY d.datname, s.queryid ORDER BY total DESC LIMIT 200)";
  return sql.replace("@TOTAL@", caps.extensionVersion >= 108 ? "total_exec_time" : "total_time").replace("@SCHEMA@", caps.extensionSchema).replace("@MARK@", ownMark);
}

struct Statement {
  QString database, query;
  double calls = 0, totalMs = 0, rows = 0;
};

QList<Statement> statementsOf(const PostgresRows& rows) {
  QMap<std::pair<QString, QString>, Statement> together;
  for (int row = 0; row < rows.rows(); ++row) {
    const QString database = factCell(rows.text(row, 0), 80), query = factCell(withoutLiterals(rows.text(row, 1)), 4000);
    Statement& one = together[{database, query}];
    one = {database, query, one.calls + rows.number(row, 2), one.totalMs + rows.number(row, 3), one.rows + rows.number(row, 4)};
  }
  QList<Statement> all = together.values();
  std::stable_sort(all.begin(), all.end(), [](const Statement& a, const Statement& b) { return a.totalMs > b.totalMs; });
  return all.mid(0, mostStatements);
}

Error noStatements(const PostgresCapabilities& caps, StatementsAccess access) {
  return fail(Error::Kind::NotFound, postgresNotes(caps, access, false).join(QLatin1Char(' ')));
}

}  // namespace

Result<FactTable> postgresSettingsFacts(FactLinks& links, QStringList&) {
  const Result<PostgresConnection*> postgres = links.postgres();
  if (!postgres) return postgres.error();
  const Result<PostgresRows> rows = (*postgres)->query(settingsSql(), {settingNames}, Deadline(requestDeadline), links.stop);
  if (!rows) return rows.error();
  FactTable table;
  table.columns = {factText("Name"), factText("Value"), factText("Unit"), factText("Source"), factText("Waits for restart")};
  for (int row = 0; row < rows->rows(); ++row)
    table.rows += QStringList{factCell(rows->text(row, 0)), factCell(rows->text(row, 1)), factCell(rows->text(row, 2)), factCell(rows->text(row, 3)), rows->flag(row, 4) ? QStringLiteral("yes") : QString()};
  return table;
}

Result<FactTable> postgresStatementsFacts(FactLinks& links, QStringList& notes) {
  const Result<PostgresConnection*> postgres = links.postgres();
  if (!postgres) return postgres.error();
  const Deadline deadline(2 * requestDeadline);
  const Result<PostgresRows> asked = (*postgres)->query(capabilitiesSql(), {}, deadline, links.stop);
  if (!asked) return asked.error();
  const PostgresCapabilities caps = readCapabilities(*asked);
  if (!caps.hasStatements()) return noStatements(caps, StatementsAccess::Missing);
  const Result<PostgresRows> rows = (*postgres)->query(statementsSqlOf(caps), {}, deadline, links.stop);
  if (!rows && (*postgres)->sqlState().isEmpty()) return rows.error();
  if (!rows) return noStatements(caps, statementsAccess((*postgres)->sqlState()));
  for (const QString& note : postgresNotes(caps, StatementsAccess::Fine, false)) notes += QStringLiteral("PostgreSQL statements: ") + note;
  FactTable table;
  table.keys = 2;
  table.columns = {factText("Database"), factText("Query"), factFigure("Calls"), factFigure("Total", "ms"), factFigure("Mean", "ms"), factFigure("Rows")};
  for (const Statement& one : statementsOf(*rows))
    table.rows += QStringList{one.database, one.query, factNumber(one.calls), factNumber(one.totalMs), one.calls > 0 ? factNumber(one.totalMs / one.calls) : QString(), factNumber(one.rows)};
  return table;
}

}  // namespace cachedeck::snapshot
