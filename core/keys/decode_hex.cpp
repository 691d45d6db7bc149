// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"

namespace cachedeck::keys {

namespace {

constexpr qsizetype perLine = 16;
constexpr char digits[] = "0123456789abcdef";

void appendLine(QByteArray& out, QByteArrayView bytes, qint64 offset) {
  out += QByteArray::number(offset, 16).rightJustified(8, '0');
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

}  // namespace

QString hexDump(const QByteArray& bytes, qint64 offset) {
  QByteArray out;
  out.reserve((bytes.size() / perLine + 1) * 80);
  for (qsizetype at = 0; at < bytes.size(); at += perLine) {
    if (at > 0) out += '\n';
    appendLine(out, QByteArrayView(bytes).sliced(at, qMin(perLine, bytes.size() - at)), offset + at);
  }
  return QString::fromLatin1(out);
}

}  // namespace cachedeck::keys
