// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/fact_links.h"

#include <span>

namespace cachedeck::snapshot {

/// A table of facts: one row here is all that adding one takes.
struct FactInfo {
  const char* id;      ///< the table's, and its file's
  const char* title;   ///< for people
  const char* source;  ///< id in the registry
  /// Asks for it. `notes` takes sentences about what is left out of a table that is had.
  Result<FactTable> (*make)(FactLinks& links, QStringList& notes);
};

std::span<const FactInfo> factCatalog();

// The makers. Each sets columns, rows and the number of key columns; id and title come from the catalog.
Result<FactTable> redisInfoFacts(FactLinks& links, QStringList& notes);
Result<FactTable> redisConfigFacts(FactLinks& links, QStringList& notes);
Result<FactTable> redisSlowLogFacts(FactLinks& links, QStringList& notes);
Result<FactTable> postgresSettingsFacts(FactLinks& links, QStringList& notes);
Result<FactTable> postgresStatementsFacts(FactLinks& links, QStringList& notes);
Result<FactTable> prometheusAlertsFacts(FactLinks& links, QStringList& notes);
Result<FactTable> prometheusFiringFacts(FactLinks& links, QStringList& notes);
Result<FactTable> prometheusRulesFacts(FactLinks& links, QStringList& notes);
Result<FactTable> prometheusTargetsFacts(FactLinks& links, QStringList& notes);
Result<FactTable> alertmanagerAlertsFacts(FactLinks& links, QStringList& notes);
Result<FactTable> alertmanagerSilencesFacts(FactLinks& links, QStringList& notes);

}  // namespace cachedeck::snapshot
