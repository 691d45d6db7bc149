// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace cachedeck {

/// A string from a server as plain, printable text of at most `longest` characters: control characters and
/// bidirectional overrides are shown as \xNN or U+NNNN, a longer text ends in an ellipsis.
QString printable(const QByteArray& bytes, qsizetype longest = 256);
QString printable(const QString& text, qsizetype longest = 256);

}  // namespace cachedeck
