// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/snapshot/snapshot.h"
#include "core/sources/source.h"

#include <QMap>

#include <stop_token>

namespace cachedeck::snapshot {

/// What the tables of facts may hold.
struct FactOptions {
  bool slowLogArguments = false;  ///< arguments of commands are production data: without it the slow log has names and numbers of keys only
};

/// What the servers said when they were asked.
struct Gathered {
  QList<ServerFacts> servers;  ///< those that answered, in the registry's order
  QList<FactTable> facts;      ///< in the order of the catalog
  QStringList missing;         ///< a sentence for each thing that could not be had: which source, what failed, what to try
};

/// Asks every source who it is, and for each table of the catalog. Blocks, on connections of its own, each within its own deadlines; a server that is down costs at most
/// 5 s. Never fails as a whole. No key is looked up, so that the hit ratio stays as it is. The range says which silences and alerts of the past still count.
Gathered gatherFacts(const QMap<QString, SourceSettings>& sources, qint64 fromMs, qint64 toMs, const std::stop_token& stop, const FactOptions& options = {});

}  // namespace cachedeck::snapshot
