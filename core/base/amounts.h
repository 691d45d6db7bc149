// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace cachedeck {

/// "1,234,567"
QString countText(qint64 count);
/// Milliseconds of "500ms", "90", "90s", "10m", "2h", "7d", "1 h"; `signedToo`: also "-10m". Usage error for anything else and for more than ten years.
Result<qint64> parseSpan(const QString& text, bool signedToo = false);
/// A time as parseSpan takes it: "90s", "10m", "2h", "7d".
QString commandSpan(qint64 ms);
/// Bytes of "512", "10k", "1.5 MB", "2 GiB" (all binary).
Result<qint64> parseSize(const QString& text);
/// 0.1 of "10%", "10 %" or "0.1".
Result<double> parseShare(const QString& text);

}  // namespace cachedeck
