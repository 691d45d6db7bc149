// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_activity.h"
#include "core/sources/postgres/postgres_capabilities.h"

#include <functional>
#include <optional>
#include <unordered_map>

namespace cachedeck {

/// What tells one entry of pg_stat_statements from another.
struct StatementKey {
  qint64 user = 0, database = 0, query = 0;
  bool topLevel = true;
  bool operator==(const StatementKey&) const = default;
};

struct StatementKeyHash {
  size_t operator()(const StatementKey& key) const noexcept {
    const auto mix = [](size_t seed, qint64 value) {
      return seed ^ (std::hash<qint64>()(value) + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
    };
    return mix(mix(mix(key.topLevel ? 1 : 0, key.user), key.database), key.query);
  }
};

/// One look at pg_stat_statements.
struct PostgresStatements {
  struct Counters {
    double calls = 0, totalMs = 0, maxMs = 0;
  };
  double serverSeconds = 0;
  double calls = 0, totalMs = 0;        ///< sums over all entries but our own
  std::optional<double> evictions;      ///< dealloc; none before extension version 1.9
  std::optional<double> resetSeconds;   ///< none before 1.9
  /// All entries are in `entries`. False when some are hidden from this role, or there are more than 5,000.
  bool complete = false;
  /// Entries of other roles are hidden.
  bool hidden = false;
  std::unordered_map<StatementKey, Counters, StatementKeyHash> entries;
};

/// Sums and up to 5,000 entries in one statement, for the installed version of the extension (1.4 to 1.12). $1: array
/// of query ids to leave out, $2: largest number of entries (0 leaves them away).
QByteArray statementsSql(const PostgresCapabilities& caps);
/// The query ids of this program's own statements, found by the mark in their text. Reads all texts: for once a session.
QByteArray ownStatementsSql(const PostgresCapabilities& caps);

PostgresStatements readStatements(const PostgresRows& rows);

/// What finished between two looks.
struct StatementsStep {
  StepKind kind = StepKind::Changed;
  double calls = NAN;   ///< statements finished
  double meanMs = NAN;  ///< of them; NaN without any
  double maxMs = NAN;   ///< slowest: a new maximum of one entry, or else the highest mean of one entry
};

/// Entries that appeared count in full, those that vanished (evicted) not at all; where entries are hidden or too many,
/// the sums are compared, and cannot be after an eviction.
StatementsStep statementsStep(const PostgresStatements& before, const PostgresStatements& now);

/// Calls per second, mean and slowest in seconds.
PostgresValues rates(const StatementsStep& step, double seconds);

}  // namespace cachedeck
