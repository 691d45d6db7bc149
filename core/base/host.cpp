// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/host.h"

#include <QHostAddress>

namespace cachedeck {

QString plainHost(const QString& host) {
  QString name = host.trimmed().toLower();
  if (name.endsWith(QLatin1Char('.'))) name.chop(1);
  QHostAddress address(name);
  bool isV4 = false;
  if (const quint32 v4 = address.toIPv4Address(&isV4); isV4) address.setAddress(v4);  // also ::ffff:10.0.0.5
  const bool here = name == QLatin1String("localhost") || name.endsWith(QLatin1String(".localhost")) || address.isLoopback() || address == QHostAddress(QHostAddress::AnyIPv4) || address == QHostAddress(QHostAddress::AnyIPv6);
  if (here) return QStringLiteral("localhost");
  return address.isNull() ? name : address.toString();
}

bool isThisMachine(const QString& host) { return plainHost(host) == QLatin1String("localhost"); }

}  // namespace cachedeck
