// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace cachedeck {

/// A string from a server as plain, printable text of at most `longest` characters: control characters and
/// bidirectional overrides are shown as \xNN or U+NNNN, a longer text ends in an ellipsis.
QString printable(const QByteArray& bytes, qsizetype longest = 256);
QString printable(const QString& text, qsizetype longest = 256);

/// The text as one word of a shell.
QString shellWord(const QString& text);
/// A tooltip that no text can make into markup; empty for an empty one.
QString plainTip(const QString& text);

}  // namespace cachedeck
