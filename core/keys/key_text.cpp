// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/key_text.h"

#include "core/keys/inspect.h"
#include "core/metrics/format.h"

#include <QCoreApplication>

namespace cachedeck {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Keys", text); }

}  // namespace

QString shownKey(const QByteArray& name, qsizetype longest) {
  const QString text = keys::escaped(name.left(4 * longest));  // a character has four bytes at most
  const bool whole = text.size() <= longest && name.size() <= 4 * longest;
  return whole ? text : text.left(longest) + QChar(0x2026);
}

QString ttlText(qint64 ms) {
  if (ms == -1) return tr("no TTL");
  return formatDuration(static_cast<double>(std::max<qint64>(0, ms)) / 1000);
}

}  // namespace cachedeck
