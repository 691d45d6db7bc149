// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_capabilities.h"

namespace cachedeck {

/// How reading pg_stat_statements went.
enum class StatementsAccess {
  Fine,
  Missing,    ///< not installed in this database
  NotLoaded,  ///< installed, but not in shared_preload_libraries
  Denied,     ///< this role may not read it
  Slow,       ///< given up by statement_timeout or lock_timeout
  Odd,        ///< another error of the server
};

/// What a SQLSTATE means for it.
StatementsAccess statementsAccess(const QByteArray& sqlState);

/// What keeps figures from being complete, one sentence each with the command that helps. `evicts`: entries were
/// dropped while this session watched.
QStringList postgresNotes(const PostgresCapabilities& caps, StatementsAccess access, bool evicts);

}  // namespace cachedeck
