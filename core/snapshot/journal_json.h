// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/bundle.h"
#include "core/journal/journal.h"

#include <QByteArray>
#include <QList>

namespace cachedeck::snapshot {

/// An array of entries as the journal writes them (core/journal/entry.h), without its seals: those are of one machine's key.
QByteArray journalBytes(const QList<JournalEntry>& entries);
/// Reasons name the entry. Values are taken from `left`.
Result<QList<JournalEntry>> journalFromBytes(const QByteArray& bytes, JsonRoom& left);

}  // namespace cachedeck::snapshot
