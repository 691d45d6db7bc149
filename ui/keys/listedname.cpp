// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/listedname.h"

#include "core/keys/key_text.h"

namespace cachedeck {

QString listedName(const QByteArray& name, qsizetype longest) {
  const QString shown = shownKey(name, longest);
  const auto isBlank = [](QChar c) { return c.category() == QChar::Separator_Space; };
  const bool seen = !shown.isEmpty() && !isBlank(shown.front()) && !isBlank(shown.back());
  return seen ? shown : QLatin1Char('"') + shown + QLatin1Char('"');
}

}  // namespace cachedeck
