// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace cachedeck {

/// A key's name as lists show it: escaped, at most `longest` characters, then an ellipsis. Cheap for names of any length.
QString shownKey(const QByteArray& name, qsizetype longest = 256);
/// "1,234,567"
QString countText(qint64 count);
/// "48.2 k", for narrow places.
QString shortCount(qint64 count);
/// "6.88 MiB"; an en dash for less than zero, which stands for "not known".
QString bytesText(qint64 bytes);
/// "2 h 5 min" of a time left; "no TTL" for -1.
QString ttlText(qint64 ms);
/// "2026-11-23 14:02:11", local time.
QString instantText(qint64 wallMs);
/// The same, without the day where it is today's.
QString shortInstant(qint64 wallMs, qint64 nowMs);
/// A time as commands take it: "90s", "10m", "2h", "7d".
QString commandSpan(qint64 ms);

/// Milliseconds of "500ms", "90", "90s", "10m", "2h", "7d", "1 h"; `signedToo`: also "-10m". Usage error for anything else and for more than ten years.
Result<qint64> parseSpan(const QString& text, bool signedToo = false);
/// Bytes of "512", "10k", "1.5 MB", "2 GiB" (all binary).
Result<qint64> parseSize(const QString& text);
/// 0.1 of "10%", "10 %" or "0.1".
Result<double> parseShare(const QString& text);

/// The text as one word of a shell.
QString shellWord(const QString& text);
/// A tooltip that no text can make into markup; empty for an empty one.
QString plainTip(const QString& text);

}  // namespace cachedeck
