// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/loadfigures.h"

#include <QCoreApplication>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr double leastSessions = 2, mostHitRatioDrop = 10;

QString text(const char* source) { return QCoreApplication::translate("cachedeck::KeysActions", source); }

}  // namespace

QString reasonToHold(const LoadFigures& before, const LoadFigures& now) {
  const double sessions = std::max(leastSessions, before.active);
  if (now.active > 2 * sessions)
    return text("PostgreSQL has %1 active sessions, more than twice the %2 of before.").arg(now.active, 0, 'f', 0).arg(before.active, 0, 'f', before.active < 10 ? 1 : 0);
  if (before.hitRatio - now.hitRatio > mostHitRatioDrop)
    return text("The hit ratio fell from %1 % to %2 %.").arg(before.hitRatio, 0, 'f', 1).arg(now.hitRatio, 0, 'f', 1);
  return {};
}

}  // namespace cachedeck
