// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"
#include "core/keys/utf8.h"

namespace cachedeck::keys {

namespace {

/// The letters that stand for a byte after a backslash: those of redis-cli.
struct Letter {
  char letter, byte;
};
constexpr Letter letters[] = {{'\\', '\\'}, {'"', '"'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'a', '\a'}, {'b', '\b'}};

void appendEscaped(QString& out, char byte) {
  out += QLatin1Char('\\');
  for (const Letter& row : letters)
    if (row.byte == byte) {
      out += QLatin1Char(row.letter);
      return;
    }
  out += QStringLiteral("x%1").arg(static_cast<unsigned char>(byte), 2, 16, QLatin1Char('0'));
}

int hexDigit(QChar c) {
  const char16_t u = c.unicode();
  if (u >= '0' && u <= '9') return u - '0';
  if (u >= 'a' && u <= 'f') return u - 'a' + 10;
  return u >= 'A' && u <= 'F' ? u - 'A' + 10 : -1;
}

Error wrongAt(qsizetype at, const QString& what) {
  return fail(Error::Kind::Usage, QStringLiteral("Character %1 of the key's name: %2").arg(at + 1).arg(what));
}

/// Reads the escape whose backslash stands at `at` and moves `at` behind it.
Result<char> escapeAt(const QString& text, qsizetype& at) {
  const qsizetype begin = at++;
  if (at >= text.size()) return wrongAt(begin, QStringLiteral("a backslash at the end stands for nothing. Write \\\\ for a backslash."));
  const QChar letter = text[at++];
  if (letter == QLatin1Char('x')) {
    const int high = at < text.size() ? hexDigit(text[at]) : -1;
    const int low = at + 1 < text.size() ? hexDigit(text[at + 1]) : -1;
    if (high < 0 || low < 0) return wrongAt(begin, QStringLiteral("\\x needs two hexadecimal digits, as in \\x0a."));
    at += 2;
    return static_cast<char>(high * 16 + low);
  }
  for (const Letter& row : letters)
    if (letter == QLatin1Char(row.letter)) return row.byte;
  return wrongAt(begin, QStringLiteral("this is not an escape. Known are \\\\, \\\", \\n, \\r, \\t, \\a, \\b and \\xNN."));
}

}  // namespace

QString escaped(const QByteArray& name) {
  QString out;
  out.reserve(name.size());
  for (qsizetype at = 0; at < name.size();) {
    const Utf8Char c = utf8At(name, at);
    const qsizetype size = qMax<qsizetype>(c.size, 1);
    if (c.size == 0 || isHidden(c.code) || c.code == U'\\' || c.code == U'"')
      for (qsizetype i = 0; i < size; ++i) appendEscaped(out, name[at + i]);
    else
      out += QStringView(QChar::fromUcs4(c.code));
    at += size;
  }
  return out;
}

Result<QByteArray> fromEscaped(const QString& text) {
  QByteArray out;
  qsizetype plain = 0;  // where the text begins that is not yet in `out`
  for (qsizetype at = 0; at < text.size();) {
    const QChar c = text[at];
    if (c == QLatin1Char('\\')) {
      out += QStringView(text).sliced(plain, at - plain).toUtf8();
      const Result<char> byte = escapeAt(text, at);
      if (!byte) return byte.error();
      out += *byte;
      plain = at;
    } else if (c.isSurrogate()) {
      // Half a pair has no UTF-8 form: Qt would put another character in its place, and so name another key.
      if (!c.isHighSurrogate() || at + 1 >= text.size() || !text[at + 1].isLowSurrogate()) return wrongAt(at, QStringLiteral("this is half a character. Type it again."));
      at += 2;
    } else {
      ++at;
    }
  }
  return out + QStringView(text).sliced(plain).toUtf8();
}

}  // namespace cachedeck::keys
