// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"
#include "core/profiles/profile.h"
#include "core/sources/redis/redis_options.h"

#include <optional>

namespace cachedeck {

/// What the page works on: one profile's Redis and where operations leave their traces.
struct KeysTarget {
  QString profile;
  bool saved = false;  ///< a command can name the profile
  Environment environment = Environment::Production;
  RedisOptions redis;
  std::optional<SourceSettings> postgres;  ///< of the same profile: names may come of a query
  QByteArray separator = ":";
  QString stateFolder;   ///< stateDirectory(): journal, plans, operations
  QString configFolder;  ///< configDirectory(): state.key
};

/// Which keys an action would concern, as it was chosen on the page.
struct KeyScope {
  enum class Kind { Filter, Prefix, Picked, List, File, Query };
  Kind kind = Kind::Filter;
  QByteArray prefix;         ///< of Prefix
  keys::Selector selector;   ///< what a plan is made of, and a scan
  QByteArray also;           ///< a further pattern that listed names have to match, which no selector can say
  qint64 known = -1;         ///< keys, as far as it is known
  QString file;              ///< of File: where the names are; of Picked and List: where a command finds them, once they were written there
  QString sql, form;         ///< of Query: the query and the template of a name

  /// Why no plan can be made of it; empty when one can.
  QString blocked() const;
  /// "Prefix session:", "3 picked keys", "Filter: every key".
  QString title() const;
};

KeyScope filterScope(const keys::Selector& filter);
/// The keys of the filter that begin with `prefix`, whatever characters it holds.
KeyScope prefixScope(const keys::Selector& filter, const QByteArray& prefix);
KeyScope pickedScope(const QList<QByteArray>& names);

KeyScope listScope(const QList<QByteArray>& names);
KeyScope fileScope(const QString& file);
KeyScope queryScope(const QString& sql, const QString& form);

/// What a plan is made of: with the names of the file or the query, which are read now. Blocks.
Result<keys::Selector> selectorOf(const KeyScope& scope, const std::optional<SourceSettings>& postgres, const std::stop_token& stop);

/// A command that does the same names its keys by a file where they are too many for a line: this one. Empty where none is needed.
QString keyListFile(const KeysTarget& target, const KeyScope& scope);
/// Writes the names for it, for this user's eyes only; lists of more than a day ago go. Blocks.
Result<void> writeKeyList(const QString& file, const QList<QByteArray>& names);

/// What a command has to say to be allowed: the phrase that would be typed, and why a production profile is unlocked (empty: a placeholder).
struct Consent {
  QString phrase, reason;
};

/// The `cachedeck keys …` command that does the same.
QString keysCommand(const KeysTarget& target, const KeyScope& scope, const keys::Action& action, const keys::RunOptions& options, const Consent& consent);
QString undoCommand(const KeysTarget& target, const QString& id, const Consent& consent);
QString resumeCommand(const KeysTarget& target, const QString& id, const Consent& consent);
QString flushCommand(const KeysTarget& target, const Consent& consent);
QString analyseCommand(const KeysTarget& target, const KeyScope& scope);

}  // namespace cachedeck
