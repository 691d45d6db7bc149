// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/decode_text.h"

#include "core/keys/utf8.h"

namespace cachedeck::keys {

namespace {

constexpr char digits[] = "0123456789abcdef";

void appendByte(QString& out, unsigned char byte) {
  const char shown[] = {'\\', 'x', digits[byte >> 4], digits[byte & 0xF]};
  out += QLatin1StringView(shown, 4);
}

bool isPlain(char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t'; }

/// The joiners are part of how some scripts and emoji are written; in a name they are hidden, in a text they belong there.
bool isShownAsCode(char32_t code) { return isHidden(code) && code != 0x200C && code != 0x200D; }

/// One character that is not plain ASCII.
void appendCharacter(PlainText& shown, const Utf8Char& c, unsigned char byte) {
  const bool control = c.size > 0 && QChar::category(c.code) == QChar::Other_Control;
  if (c.size == 0 || control) {
    appendByte(shown.text, c.size == 0 ? byte : static_cast<unsigned char>(c.code));
    shown.odd += c.code == U'\r' ? 0 : qMax<qsizetype>(c.size, 1);
    shown.exact = false;
  } else if (isShownAsCode(c.code)) {
    shown.text += QStringLiteral("U+%1").arg(static_cast<uint>(c.code), 4, 16, QLatin1Char('0')).toUpper();
    shown.exact = false;
  } else {
    shown.text += QStringView(QChar::fromUcs4(c.code));
  }
}

}  // namespace

PlainText plainText(const QByteArray& bytes, bool whole) {
  PlainText shown;
  const qsizetype size = bytes.size() - (whole ? 0 : utf8HalfAtEnd(bytes));
  shown.text.reserve(size);
  for (qsizetype at = 0; at < size;) {
    qsizetype end = at;
    while (end < size && isPlain(bytes[end])) ++end;
    shown.text += QLatin1StringView(bytes.constData() + at, end - at);
    if (end == size) break;
    const Utf8Char c = utf8At(bytes, end);
    appendCharacter(shown, c, static_cast<unsigned char>(bytes[end]));
    at = end + qMax<qsizetype>(c.size, 1);
  }
  return shown;
}

}  // namespace cachedeck::keys
