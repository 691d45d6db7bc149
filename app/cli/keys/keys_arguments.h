// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/source_options.h"
#include "core/keys/run.h"

namespace cachedeck {

/// What every subcommand of `cachedeck keys` understands, as it was typed.
struct KeysArguments {
  SourceOptions sources;
  bool json = false;

  // which keys
  std::vector<std::string> match, prefix, key;
  std::string sql, keyTemplate;
  QList<QByteArray> queried;  ///< what the query gave
  std::string fromFile, type, ttlAbove, ttlBelow, idleAbove;
  std::string separator;  ///< empty: the profile's
  qint64 largerThan = 0;
  bool noTtl = false;

  // how
  std::optional<double> budgetMs, rate;  ///< without: none, or what an operation was begun with
  std::optional<int> page;
  std::optional<qint64> undoCapMb;
  bool everyDatabase = false;  ///< of flush
  bool noUndo = false, dryRun = false, yes = false;
  std::string confirm, unlock;

  // ttl
  std::string set, add, cap, floor, jitter, softExpire, onlyIf;
  double scale = 0;
  bool persist = false;

  // list, undo, resume
  qint64 limit = 0;
  bool last = false;
  std::string id, discard;

  // analyse
  std::string replica;

  void addSelection(CLI::App& command);
  void addRun(CLI::App& command);
  void addConsent(CLI::App& command);
  /// How fast, of what a plan, a run and an undo share.
  void addPace(CLI::App& command);
  void addPages(CLI::App& command);
  void addTtl(CLI::App& command);

  Result<keys::Selector> selector() const;
  /// Those that were typed, over others.
  keys::RunOptions runOptions(keys::RunOptions options = {}) const;
  /// Usage error unless exactly one change is named.
  Result<keys::Action> ttlAction() const;
  Result<keys::Action> deleteAction() const;
};

}  // namespace cachedeck
