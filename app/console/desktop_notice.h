// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"

#include <QString>

#include <memory>

namespace cachedeck {

/// Notifications of the desktop over D-Bus (org.freedesktop.Notifications), for desktops without a tray. Where nobody takes them nothing happens.
class DesktopNotices {
 public:
  /// A new one takes the place of the last. `title` is plain text for every desktop. Returns at once.
  void show(const QString& title, bool critical);

 private:
  std::shared_ptr<quint32> m_last = std::make_shared<quint32>(0);  // used on the worker alone
  Worker m_worker{QStringLiteral("notices")};
};

}  // namespace cachedeck
