// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"
#include "core/journal/journal.h"

#include <optional>

namespace cachedeck {

/// A longer line is not written, and is damage where one is found.
inline constexpr qsizetype largestJournalLine = 1 << 20;

/// A line of the journal taken apart. Layout: the compact JSON object of the fields and "prev", whose last member is "mac" (64 hex digits):
/// HMAC-SHA256(key, prev ‖ the object's bytes without `,"mac":"…"`). It is computed over bytes, so that no spelling but the written one fits.
struct SealedLine {
  QJsonObject fields;
  QByteArray body;  ///< the bytes that are sealed
  QByteArray prev;  ///< hex MAC of the line before, 64 zeros in the first
  QByteArray mac;
};

/// What the next line carries on from.
struct ChainLink {
  QByteArray mac = QByteArray(64, '0');
  qint64 sequence = 0;
};

/// The line that follows `after`, without a newline; entry.sequence has to be after.sequence + 1.
QByteArray sealedLine(const JournalEntry& entry, const ChainLink& after, const Secret& key);
/// Takes a line (without newline) apart; nothing when it does not have the layout.
std::optional<SealedLine> takeApart(const QByteArray& line);
/// Whether the seal is the one that this key makes.
bool sealFits(const SealedLine& line, const Secret& key);
/// What is wrong with a whole line that should follow `after`, in plain English; empty when nothing is. Moves `after` on then.
QString follow(const QByteArray& line, const Secret& key, ChainLink& after);

}  // namespace cachedeck
