// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_rows.h"

#include <QStringList>

namespace cachedeck {

/// What this role sees on this server; asked once after connecting, and now and then while something is missing.
struct PostgresCapabilities {
  double maxConnections = 0;
  bool standby = false;
  bool readsAllStats = false;    ///< pg_monitor, pg_read_all_stats or superuser
  QString role;                  ///< as SQL would quote it
  QString database;
  QByteArray extensionSchema;    ///< as SQL would quote it; empty where pg_stat_statements is not installed in this database
  int extensionVersion = 0;      ///< 110 for "1.10"; 0 without the extension
  bool statementsLoaded = false; ///< the library seems to be in shared_preload_libraries
  bool tracksStatements = true;  ///< pg_stat_statements.track is not "none"

  bool hasStatements() const { return extensionVersion > 0; }
};

/// Sets the session up: only catalog names count, time limits, read-only. One round trip.
const QByteArray& sessionSql();
const QByteArray& capabilitiesSql();
PostgresCapabilities readCapabilities(const PostgresRows& rows);

/// The comment that marks this program's own statements, so that they can be left out of pg_stat_statements' figures.
inline constexpr char ownMark[] = "/* cachedeck console */";

/// How long the server lets one of our statements run. Below the 2 s that a whole sample may take, so that a slow
/// catalog is answered with an error and the session lives on.
inline constexpr int statementTimeoutMs = 1500;
inline constexpr int lockTimeoutMs = 500;

}  // namespace cachedeck
