// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_notes.h"

namespace cachedeck {

namespace {

QString statementsNote(const PostgresCapabilities& caps, StatementsAccess access) {
  switch (access) {
    case StatementsAccess::Fine:
      return {};
    case StatementsAccess::Missing:
      if (caps.statementsLoaded)
        return QStringLiteral("Query times are unknown: pg_stat_statements is not installed in database “%1”. Run there as superuser: CREATE EXTENSION pg_stat_statements;").arg(caps.database);
      return QStringLiteral("Query times are unknown: add pg_stat_statements to shared_preload_libraries, restart the server, and run as superuser in database “%1”: CREATE EXTENSION pg_stat_statements;").arg(caps.database);
    case StatementsAccess::NotLoaded:
      return QStringLiteral("Query times are unknown: pg_stat_statements is installed but not loaded. Set shared_preload_libraries = 'pg_stat_statements' in postgresql.conf and restart the server.");
    case StatementsAccess::Denied:
      return QStringLiteral("Query times are unknown: role %1 may not read pg_stat_statements. Run as superuser: GRANT USAGE ON SCHEMA %2 TO %1; GRANT EXECUTE ON FUNCTION %2.pg_stat_statements(boolean) TO %1; GRANT SELECT ON %2.pg_stat_statements_info TO %1;")
          .arg(caps.role, QString::fromUtf8(caps.extensionSchema));
    case StatementsAccess::Slow:
      return QStringLiteral("Query times are unknown at the moment: reading pg_stat_statements takes too long. Lower pg_stat_statements.max if this stays.");
    case StatementsAccess::Odd:
      return QStringLiteral("Query times are unknown: pg_stat_statements cannot be read. Run as superuser in database “%1”: ALTER EXTENSION pg_stat_statements UPDATE;").arg(caps.database);
  }
  return {};
}

}  // namespace

StatementsAccess statementsAccess(const QByteArray& sqlState) {
  if (sqlState.isEmpty()) return StatementsAccess::Fine;
  if (sqlState == "55000") return StatementsAccess::NotLoaded;
  if (sqlState == "42P01" || sqlState == "42883" || sqlState == "3F000") return StatementsAccess::Missing;
  if (sqlState == "42501") return StatementsAccess::Denied;
  if (sqlState == "57014" || sqlState == "55P03") return StatementsAccess::Slow;
  return StatementsAccess::Odd;
}

QStringList postgresNotes(const PostgresCapabilities& caps, StatementsAccess access, bool evicts) {
  QStringList notes;
  if (!caps.readsAllStats)
    notes += QStringLiteral("Role %1 does not see what other roles' sessions and statements do. Run as superuser: GRANT pg_monitor TO %1;").arg(caps.role);
  if (const QString note = statementsNote(caps, access); !note.isEmpty()) notes += note;
  if (access == StatementsAccess::Fine && !caps.tracksStatements)
    notes += QStringLiteral("Query times stand still: pg_stat_statements.track is none. Set it to top or all in postgresql.conf.");
  if (evicts)
    notes += QStringLiteral("pg_stat_statements is full and drops entries, so calls are counted too low. Raise pg_stat_statements.max in postgresql.conf.");
  return notes;
}

}  // namespace cachedeck
