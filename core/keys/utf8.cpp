// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/utf8.h"

#include <QChar>

namespace cachedeck::keys {

namespace {

/// Bytes of the sequence that begins so, 0 when none does.
qsizetype sequenceSize(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/// Whether `byte` may follow `lead` (Unicode 15, table 3-7): this is where overlong forms and surrogates fall out.
bool fitsSecond(unsigned char lead, unsigned char byte) {
  switch (lead) {
    case 0xE0: return byte >= 0xA0 && byte <= 0xBF;
    case 0xED: return byte >= 0x80 && byte <= 0x9F;
    case 0xF0: return byte >= 0x90 && byte <= 0xBF;
    case 0xF4: return byte >= 0x80 && byte <= 0x8F;
    default: return (byte & 0xC0) == 0x80;
  }
}

/// How many bytes of the sequence at `at` are there and right.
qsizetype rightBytes(QByteArrayView bytes, qsizetype at, qsizetype size) {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  qsizetype right = 1;
  for (; right < size && at + right < bytes.size(); ++right) {
    const auto byte = static_cast<unsigned char>(bytes[at + right]);
    if (right == 1 ? !fitsSecond(lead, byte) : (byte & 0xC0) != 0x80) break;
  }
  return right;
}

}  // namespace

Utf8Char utf8At(QByteArrayView bytes, qsizetype at) {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  const qsizetype size = sequenceSize(lead);
  if (size < 2) return {lead, size};
  if (rightBytes(bytes, at, size) < size) return {};
  char32_t code = lead & (0xFFu >> (size + 1));
  for (qsizetype i = 1; i < size; ++i) code = (code << 6) | (static_cast<unsigned char>(bytes[at + i]) & 0x3Fu);
  return {code, size};
}

qsizetype utf8HalfAtEnd(QByteArrayView bytes) {
  for (qsizetype back = 1; back <= qMin<qsizetype>(3, bytes.size()); ++back) {
    const qsizetype at = bytes.size() - back;
    const qsizetype size = sequenceSize(static_cast<unsigned char>(bytes[at]));
    if (size > back) return rightBytes(bytes, at, size) == back ? back : 0;
    if (size > 0) return 0;
  }
  return 0;
}

bool isHidden(char32_t code) {
  if (code < 0x7F) return code < 0x20;
  switch (QChar::category(code)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    default: return QChar::isNonCharacter(code);
  }
}

}  // namespace cachedeck::keys
