// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/query_table.h"
#include "core/doctor/words.h"

#include <algorithm>

namespace cachedeck::doctor {

Findings databaseConnection(const Evidence& evidence) {
  const Server& server = evidence.postgres.server;
  if (!server.wanted || !server.error || server.error->isCancelled()) return {};
  using Kind = Error::Kind;
  struct Row {
    Kind kind;
    const char* remedy;
  };
  static constexpr Row rows[] = {
      {Kind::Refused, "Start it (systemctl start postgresql), and compare port and listen_addresses in postgresql.conf with this address."},
      {Kind::NotFound, "Check the name of the database (psql -l), and the files that the message names."},
      {Kind::Unreachable, "Check the name of the host (getent hosts NAME), network and firewall; if connections end, PostgreSQL's log says why."},
      {Kind::Auth, "Correct the password here or set it anew (as superuser: ALTER ROLE name PASSWORD '…';), and look at pg_hba.conf."},
      {Kind::Permission, "As superuser: GRANT CONNECT ON DATABASE name TO role; and a line in pg_hba.conf, then SELECT pg_reload_conf();"},
      {Kind::Busy, "If it is full: end sessions that are not needed (pg_stat_activity), lower the services' pools, or raise max_connections and restart. If it starts: wait."},
      {Kind::Tls, "Compare the TLS mode here with ssl in postgresql.conf, and check the certificate's name, authority and dates."},
      {Kind::Timeout, "Check firewall and network, and whether the server hangs (its log, iostat)."},
  };
  const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& one) { return one.kind == server.error->kind; });
  return {{{}, Severity::Critical, QStringLiteral("The connection to the database at %1 fails.").arg(server.endpoint), said(*server.error),
           row == std::end(rows) ? QStringLiteral("Do what the message says; PostgreSQL's log may say more.") : QString::fromUtf8(row->remedy)}};
}

Findings databaseStatements(const Evidence& evidence) {
  const PostgresEvidence& postgres = evidence.postgres;
  if (!postgres.server.reached()) return {};
  const QString database = clean(postgres.caps.database, 80);
  const QString load = QStringLiteral("shared_preload_libraries = 'pg_stat_statements' in postgresql.conf, then restart PostgreSQL");
  const QString create = QStringLiteral("as superuser in database “%1”: CREATE EXTENSION pg_stat_statements;").arg(database);
  const auto found = [&](Severity severity, const QString& what, const QString& seen, const QString& remedy) { return Findings{{{}, severity, what, seen, remedy}}; };
  const PrometheusEvidence& prometheus = evidence.prometheus;
  const bool exported = std::any_of(renamedSeries().begin(), renamedSeries().end(), [&](const RenamedSeries& one) { return prometheus.present.contains(QLatin1String(one.now)) || prometheus.present.contains(QLatin1String(one.before)); });
  switch (postgres.statements) {
    case StatementsAccess::Missing:
      // One view tells of all databases, and an exporter may read it in another one.
      return found(exported ? Severity::Info : Severity::Warning,
                   exported                ? QStringLiteral("pg_stat_statements is not installed in this database: what is read here has no query times. The exporter reads them elsewhere, so that panels and alerts have them.")
                   : prometheus.asked.isEmpty() ? QStringLiteral("pg_stat_statements is not installed in this database: query times are unknown here, and for panels and SlowDatabaseQueries too if the exporter reads this one.")
                                           : QStringLiteral("pg_stat_statements is not installed: query times are unknown, SlowDatabaseQueries cannot fire, and its panels stay empty."),
                   QStringLiteral("no extension in database “%1”%2").arg(database, postgres.caps.statementsLoaded ? QString() : QStringLiteral(", and its library is not loaded")),
                   postgres.caps.statementsLoaded ? create : load + QLatin1String("; then ") + create);
    case StatementsAccess::NotLoaded:
      return found(Severity::Warning, QStringLiteral("pg_stat_statements is installed but not preloaded: it counts nothing."), QStringLiteral("the view answers with SQLSTATE 55000"), load);
    case StatementsAccess::Denied:
      return found(Severity::Warning, QStringLiteral("This role may not read pg_stat_statements."), QStringLiteral("role %1").arg(clean(postgres.caps.role, 80)),
                   QStringLiteral("As superuser: GRANT pg_monitor TO %1;").arg(sqlName(postgres.caps.role)));
    case StatementsAccess::Odd:
      return found(Severity::Warning, QStringLiteral("pg_stat_statements cannot be read."), QStringLiteral("extension version %1").arg(postgres.caps.extensionVersion), QStringLiteral("As superuser, in that database: ALTER EXTENSION pg_stat_statements UPDATE;"));
    case StatementsAccess::Slow:
      return found(Severity::Info, QStringLiteral("Reading pg_stat_statements takes too long."), QStringLiteral("given up after 1.5 s"), QStringLiteral("Lower pg_stat_statements.max in postgresql.conf, or empty it, as superuser: SELECT pg_stat_statements_reset();"));
    case StatementsAccess::Fine:
      break;
  }
  if (postgres.caps.hasStatements() && !postgres.caps.tracksStatements)
    return found(Severity::Warning, QStringLiteral("pg_stat_statements counts nothing: its tracking is switched off."), QStringLiteral("pg_stat_statements.track = none"),
                 QStringLiteral("As superuser: ALTER SYSTEM SET pg_stat_statements.track = 'top'; SELECT pg_reload_conf();"));
  return {};
}

Findings databaseRights(const Evidence& evidence) {
  const PostgresEvidence& postgres = evidence.postgres;
  if (!postgres.server.reached() || postgres.caps.readsAllStats) return {};
  const QString role = clean(postgres.caps.role, 80);
  return {{{}, Severity::Warning, QStringLiteral("Role %1 does not see what other roles do (no pg_monitor): figures are silently incomplete.").arg(role),
           QStringLiteral("pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') is false"), QStringLiteral("As superuser: GRANT pg_monitor TO %1; (the same for the exporter's role)").arg(sqlName(postgres.caps.role))}};
}

}  // namespace cachedeck::doctor
