// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"

namespace cachedeck {

/// The entries as lines for people, oldest first: time, who, profile and where, action, counts, outcome; an entry's text stands indented below it.
/// An action that has begun and of which no end is among the entries is marked. Control characters are shown, not sent to the terminal.
QString journalTable(const QList<JournalEntry>& entries);

/// "planned 10, done 9", whole numbers grouped by thousands.
QString journalCounts(const QJsonObject& counts);

}  // namespace cachedeck
