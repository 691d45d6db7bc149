// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace cachedeck::keys {

/// One character of UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
struct Utf8Char {
  char32_t code = 0;
  qsizetype size = 0;  ///< bytes, 0: what stands there is not UTF-8
};
/// The character at `at`, which must be inside.
Utf8Char utf8At(QByteArrayView bytes, qsizetype at);
/// How many bytes at the end are the beginning of a character whose rest is missing, 0 to 3.
qsizetype utf8HalfAtEnd(QByteArrayView bytes);

/// True for what has no look of its own and could make text seem what it is not: control characters, marks of writing direction, invisible characters.
bool isHidden(char32_t code);

}  // namespace cachedeck::keys
