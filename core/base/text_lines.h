// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck {

/// A text of several lines, each printable; of at most `longest` characters and `mostLines`, a longer one ends in an ellipsis.
QString printableLines(const QString& text, qsizetype longest, qsizetype mostLines = 200);

}  // namespace cachedeck
