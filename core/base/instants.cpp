// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/instants.h"

namespace cachedeck {

QString isoUtc(qint64 wallMs) { return utc(wallMs).toString(Qt::ISODateWithMs); }

QString utcText(qint64 wallMs) { return utc(wallMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'")); }

QString instantText(qint64 wallMs) { return QDateTime::fromMSecsSinceEpoch(wallMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")); }

QString shortInstant(qint64 wallMs, qint64 nowMs) {
  const QDateTime at = QDateTime::fromMSecsSinceEpoch(wallMs), now = QDateTime::fromMSecsSinceEpoch(nowMs);
  if (at.date() == now.date()) return at.toString(QStringLiteral("HH:mm:ss"));
  return at.toString(at.date().year() == now.date().year() ? QStringLiteral("MM-dd HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm"));
}

}  // namespace cachedeck
