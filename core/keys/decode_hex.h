// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck::keys {

/// How many bytes a line of at most so many characters holds: 16, 8 or 4.
int hexBytesPerLine(int columns);
/// What hexDump() made, with so many bytes a line and shorter offsets; any other text as it is.
QString hexInLinesOf(const QString& dump, int perLine);

}  // namespace cachedeck::keys
