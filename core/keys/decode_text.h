// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace cachedeck::keys {

/// Bytes as lines of text.
struct PlainText {
  QString text;
  qsizetype odd = 0;  ///< bytes that no text has: not UTF-8, or a control character other than tab, line feed and carriage return
  bool exact = true;  ///< false when something is shown as \xNN or U+NNNN
};
/// Tabs and line feeds stay; other control characters and invalid bytes are shown as \xNN, marks of direction and invisible characters as U+NNNN.
/// A carriage return is shown too: an editor would lose it silently.
/// Not `whole`: a character that is cut at the end is left out.
PlainText plainText(const QByteArray& bytes, bool whole);

}  // namespace cachedeck::keys
