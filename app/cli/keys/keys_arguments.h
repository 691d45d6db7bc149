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
  std::string fromFile, type, ttlAbove, ttlBelow, idleAbove, separator = ":";
  qint64 largerThan = 0;
  bool noTtl = false;

  // how
  double budgetMs = 0, rate = 0;
  int page = 500;
  bool everyDatabase = false;  ///< of flush
  bool noUndo = false, dryRun = false, yes = false;
  qint64 undoCapMb = 256;
  std::string confirm, unlock;

  // ttl
  std::string set, add, cap, floor, jitter, softExpire, onlyIf;
  double scale = 0;
  bool persist = false;

  // list, undo, resume
  qint64 limit = 0;
  bool last = false;
  std::string id;

  void addSelection(CLI::App& command);
  void addRun(CLI::App& command);
  void addConsent(CLI::App& command);
  void addTtl(CLI::App& command);

  Result<keys::Selector> selector() const;
  keys::RunOptions runOptions() const;
  /// Usage error unless exactly one change is named.
  Result<keys::Action> ttlAction() const;
  Result<keys::Action> deleteAction() const;
};

}  // namespace cachedeck
