// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"
#include "core/profiles/profile.h"
#include "core/sources/redis/redis_options.h"

namespace cachedeck {

/// What the page works on: one profile's Redis and where operations leave their traces.
struct KeysTarget {
  QString profile;
  bool saved = false;  ///< a command can name the profile
  Environment environment = Environment::Production;
  RedisOptions redis;
  QByteArray separator = ":";
  QString stateFolder;   ///< stateDirectory(): journal, plans, operations
  QString configFolder;  ///< configDirectory(): state.key
};

/// Which keys an action would concern, as it was chosen on the page.
struct KeyScope {
  enum class Kind { Filter, Prefix, Picked };
  Kind kind = Kind::Filter;
  QByteArray prefix;         ///< of Prefix
  keys::Selector selector;   ///< what a plan is made of, and a scan
  QByteArray also;           ///< a further pattern that listed names have to match, which no selector can say
  qint64 known = -1;         ///< keys, as far as it is known

  /// Why no plan can be made of it; empty when one can.
  QString blocked() const;
  /// "Prefix session:", "3 picked keys", "Filter: every key".
  QString title() const;
};

KeyScope filterScope(const keys::Selector& filter);
/// The keys of the filter that begin with `prefix`, whatever characters it holds.
KeyScope prefixScope(const keys::Selector& filter, const QByteArray& prefix);
KeyScope pickedScope(const QList<QByteArray>& names);

/// The `cachedeck keys …` command that does the same. Names that are too many for a command line are left to a file.
QString keysCommand(const KeysTarget& target, const KeyScope& scope, const keys::Action& action, const keys::RunOptions& options);

}  // namespace cachedeck
