// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"

namespace cachedeck {

/// One action as charts mark it: from its beginning to its end.
struct ActionEvent {
  enum class Kind { Delete, Ttl, Undo, Edit, Load, Other };
  enum class State { UnderWay, Done, Cancelled, Failed, Interrupted };
  qint64 fromMs = 0;
  qint64 toMs = 0;  ///< 0: it goes on, or nobody knows when it was interrupted
  QString label;    ///< "Delete 20,000 keys: risk:*", plain
  QString detail;   ///< how it ended, what it did and the notes on it, a line each; plain, may be empty
  Kind kind = Kind::Other;
  State state = State::UnderWay;
  QString operation;

  bool operator==(const ActionEvent&) const = default;
};

/// The actions of a stretch of journal, oldest first: a "begin" and the "end" of the same operation and action are one event, "note"s go with it. A resumed or undone
/// operation has one event for each time. A begin without an end is under way if it is from `runningSinceMs` or later, else interrupted. An end whose begin is not in
/// the stretch, and entries that change no data (unlock, repair), give none.
QList<ActionEvent> actionEvents(const QList<JournalEntry>& entries, qint64 runningSinceMs);

/// Whether an entry is about this server: its `where` names the endpoint ("10.0.0.5:6379"), or it was made under this profile.
bool concerns(const JournalEntry& entry, const QString& profile, const QString& endpoint);

}  // namespace cachedeck
