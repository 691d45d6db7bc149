// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <QRegularExpression>

namespace cachedeck {

namespace {

bool isBidiControl(QChar c) {
  const char16_t u = c.unicode();
  return (u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069) || u == 0x200E || u == 0x200F;
}

}  // namespace

QString printable(const QByteArray& bytes, qsizetype longest) {
  // Four bytes are the longest UTF-8 sequence: more cannot be shown anyway.
  return printable(QString::fromUtf8(bytes.left(4 * longest + 4)), longest);
}

QString printable(const QString& text, qsizetype longest) {
  QString out;
  out.reserve(qMin(text.size(), longest));
  for (const QChar c : text) {
    if (out.size() >= longest) return out.left(longest - 1) + QChar(0x2026);
    if (c.category() == QChar::Other_Control)
      out += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
    else if (isBidiControl(c))
      out += QStringLiteral("U+%1").arg(c.unicode(), 4, 16, QLatin1Char('0')).toUpper();
    else
      out += c;
  }
  return out;
}

QString shellWord(const QString& text) {
  static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:=@%+,-]+$"));
  if (plain.match(text).hasMatch()) return text;
  QString quoted = text;
  quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
  return QLatin1Char('\'') + quoted + QLatin1Char('\'');
}

QString plainTip(const QString& text) {
  if (text.isEmpty()) return {};
  return QLatin1String("<p>") + text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")) + QLatin1String("</p>");
}

}  // namespace cachedeck
