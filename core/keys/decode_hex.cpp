// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/decode_hex.h"
#include "core/keys/inspect.h"

namespace cachedeck::keys {

namespace {

constexpr qsizetype fullLine = 16;
constexpr int fullOffset = 8, shortOffset = 4;  // digits at least
constexpr char digits[] = "0123456789abcdef";

/// How wide a line is.
constexpr qsizetype columnsOf(qsizetype offsetDigits, qsizetype perLine) { return offsetDigits + 3 * perLine + (perLine + 7) / 8 + 2 + perLine + 2; }

void appendLine(QByteArray& out, QByteArrayView bytes, qint64 offset, qsizetype perLine, int offsetDigits) {
  out += QByteArray::number(offset, 16).rightJustified(offsetDigits, '0');
  for (qsizetype i = 0; i < perLine; ++i) {
    out += i % 8 == 0 ? "  " : " ";
    if (i >= bytes.size()) {
      out += "  ";
      continue;
    }
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out += digits[byte >> 4];
    out += digits[byte & 0xF];
  }
  out += "  |";
  for (const char c : bytes) out += c >= 0x20 && c < 0x7F ? c : '.';
  out += '|';
}

QString dumpOf(const QByteArray& bytes, qint64 offset, qsizetype perLine, int offsetDigits) {
  QByteArray out;
  out.reserve((bytes.size() / perLine + 1) * (columnsOf(offsetDigits, perLine) + 3));
  for (qsizetype at = 0; at < bytes.size(); at += perLine) {
    if (at > 0) out += '\n';
    appendLine(out, QByteArrayView(bytes).sliced(at, qMin(perLine, bytes.size() - at)), offset + at, perLine, offsetDigits);
  }
  return QString::fromLatin1(out);
}

}  // namespace

QString hexDump(const QByteArray& bytes, qint64 offset) { return dumpOf(bytes, offset, fullLine, fullOffset); }

int hexBytesPerLine(int columns) {
  if (columns >= columnsOf(fullOffset, fullLine)) return fullLine;
  return columns >= columnsOf(shortOffset + 1, 8) ? 8 : 4;
}

QString hexInLinesOf(const QString& dump, int perLine) {
  if (perLine == fullLine) return dump;
  QByteArray bytes;
  for (const QStringView line : QStringView(dump).split(QLatin1Char('\n'))) bytes += QByteArray::fromHex(line.mid(line.indexOf(QLatin1String("  ")), 3 * fullLine + 4).toLatin1());
  if (hexDump(bytes) != dump) return dump;
  return dumpOf(bytes, 0, perLine, bytes.size() > 0x10000 ? shortOffset + 1 : shortOffset);
}

}  // namespace cachedeck::keys
