// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"

#include <optional>

namespace cachedeck {

/// {"sequence", "wall_ms", "time": ISO 8601 UTC, "action", "phase", "operation", "user", "profile", "where", "plan_digest", "counts": {…}, "outcome", "text"}.
QJsonObject journalFields(const JournalEntry& entry);
/// The entry of such an object; further members do not matter. Nothing when it has no sequence number or action.
std::optional<JournalEntry> journalEntry(const QJsonObject& fields);

/// The entry as it may be kept: what people and servers wrote passes the Redactor; time and user are filled in where they are missing.
JournalEntry completed(JournalEntry entry, qint64 nowMs);

}  // namespace cachedeck
