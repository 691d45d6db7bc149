// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/desktop_notice.h"

#include <QObject>
#include <QStringList>

#include <memory>

class QMenu;
class QSystemTrayIcon;

namespace cachedeck {

/// Tells the desktop of alerts that begin to fire, and shows in the tray how it stands, where there is a tray.
class AlertNotifier : public QObject {
  Q_OBJECT
 public:
  explicit AlertNotifier(QObject* parent = nullptr);
  ~AlertNotifier() override;

  /// `newlyFiring`: names that were not among those before.
  void counted(int firing, int pending, const QString& worstSeverity, const QStringList& newlyFiring);
  /// Nothing is connected.
  void clear();
  void setMuted(bool muted);
  bool isMuted() const { return m_muted; }
  /// What the tray's icon says.
  const QString& tip() const { return m_tip; }

 Q_SIGNALS:
  /// The person wants to see the alerts.
  void showRequested();
  void mutedChanged(bool muted);
  /// A sentence on what began; not while muted.
  void began(const QString& sentence, bool critical);

 private:
  void showState();
  bool m_muted = false;
  int m_firing = 0, m_pending = 0;
  QString m_worst, m_tip;
  std::unique_ptr<QMenu> m_menu;
  std::unique_ptr<QSystemTrayIcon> m_tray;
  DesktopNotices m_notices;  // in place of a tray
};

}  // namespace cachedeck
