// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_capabilities.h"

#include "core/base/text.h"

namespace cachedeck {

namespace {

/// "1.10" → 110, so that versions compare as numbers.
int versionNumber(const QByteArray& text) {
  const QByteArrayList parts = text.split('.');
  return parts.value(0).toInt() * 100 + parts.value(1).toInt();
}

}  // namespace

const QByteArray& sessionSql() {
  // search_path first of all: functions of the same name in another schema must not run with this role's rights.
  static const QByteArray sql = QByteArray("SELECT ") + ownMark + R"(
    pg_catalog.set_config('search_path', 'pg_catalog', false),
    pg_catalog.set_config('statement_timeout', ')" + QByteArray::number(statementTimeoutMs) + R"(', false),
    pg_catalog.set_config('lock_timeout', ')" + QByteArray::number(lockTimeoutMs) + R"(', false),
    pg_catalog.set_config('default_transaction_read_only', 'on', false),
    pg_catalog.set_config('jit', 'off', false))";
  return sql;
}

const QByteArray& capabilitiesSql() {
  // pg_stat_statements.max is visible to every role, shared_preload_libraries is not.
  static const QByteArray sql = QByteArray("SELECT ") + ownMark + R"(
      current_setting('max_connections')::int AS max_connections,
      pg_is_in_recovery() AS standby,
      pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS reads_all_stats,
      left(quote_ident(current_user), 200) AS role,
      left(current_database(), 200) AS database,
      quote_ident(n.nspname) AS extension_schema,
      e.extversion AS extension_version,
      current_setting('pg_stat_statements.max', true) IS NOT NULL AS loaded,
      coalesce(current_setting('pg_stat_statements.track', true), '') <> 'none' AS tracks
    FROM (VALUES (1)) AS one
    LEFT JOIN pg_extension e ON e.extname = 'pg_stat_statements'
    LEFT JOIN pg_namespace n ON n.oid = e.extnamespace)";
  return sql;
}

PostgresCapabilities readCapabilities(const PostgresRows& rows) {
  PostgresCapabilities caps;
  caps.maxConnections = rows.number(0, rows.column("max_connections"));
  caps.standby = rows.flag(0, rows.column("standby"));
  caps.readsAllStats = rows.flag(0, rows.column("reads_all_stats"));
  caps.role = printable(rows.text(0, rows.column("role")));
  caps.database = printable(rows.text(0, rows.column("database")));
  caps.extensionSchema = rows.bytes(0, rows.column("extension_schema")).toByteArray();
  caps.extensionVersion = versionNumber(rows.bytes(0, rows.column("extension_version")).toByteArray());
  caps.statementsLoaded = rows.flag(0, rows.column("loaded"));
  caps.tracksStatements = rows.flag(0, rows.column("tracks"));
  return caps;
}

}  // namespace cachedeck
