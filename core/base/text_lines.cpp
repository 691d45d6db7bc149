// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text_lines.h"

#include "core/base/text.h"

#include <QStringList>

namespace cachedeck {

QString printableLines(const QString& text, qsizetype longest, qsizetype mostLines) {
  QStringList lines = text.left(longest).split(QLatin1Char('\n'));
  const bool isCut = text.size() > longest || lines.size() > mostLines;
  lines = lines.mid(0, mostLines);
  for (QString& line : lines) {
    if (line.endsWith(QLatin1Char('\r'))) line.chop(1);  // as Windows ends lines
    line = printable(line, longest);
  }
  return lines.join(QLatin1Char('\n')) + (isCut ? QString(QChar(0x2026)) : QString());
}

}  // namespace cachedeck
