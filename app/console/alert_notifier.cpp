// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/alert_notifier.h"

#include "core/base/text.h"
#include "ui/theme/theme.h"

#include <QMenu>
#include <QSystemTrayIcon>

namespace cachedeck {

namespace {

constexpr int mostNames = 3;

}  // namespace

AlertNotifier::AlertNotifier(QObject* parent) : QObject(parent) {
  if (!QSystemTrayIcon::isSystemTrayAvailable()) return;
  m_menu = std::make_unique<QMenu>();
  m_menu->addAction(tr("Show the alerts"), this, &AlertNotifier::showRequested);
  QAction* const mute = m_menu->addAction(tr("Mute"));
  mute->setCheckable(true);
  connect(mute, &QAction::toggled, this, &AlertNotifier::setMuted);
  connect(this, &AlertNotifier::mutedChanged, mute, &QAction::setChecked);
  m_tray = std::make_unique<QSystemTrayIcon>();
  m_tray->setContextMenu(m_menu.get());
  connect(m_tray.get(), &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
    if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) Q_EMIT showRequested();
  });
  connect(m_tray.get(), &QSystemTrayIcon::messageClicked, this, &AlertNotifier::showRequested);
  showState();
}

AlertNotifier::~AlertNotifier() = default;

void AlertNotifier::counted(int firing, int pending, const QString& worstSeverity, const QStringList& newlyFiring) {
  m_firing = firing;
  m_pending = pending;
  m_worst = worstSeverity;
  showState();
  if (newlyFiring.isEmpty() || m_muted) return;
  QStringList names;
  for (const QString& name : newlyFiring.mid(0, mostNames)) names << printable(name, 60);
  if (newlyFiring.size() > mostNames) names << tr("%1 more").arg(newlyFiring.size() - mostNames);
  const bool critical = worstSeverity == QLatin1String("critical");
  const QString sentence = tr("Firing: %1").arg(names.join(QStringLiteral(", ")));
  if (m_tray) m_tray->showMessage(QStringLiteral("Cachedeck"), sentence, critical ? QSystemTrayIcon::Critical : QSystemTrayIcon::Warning);
  else m_notices.show(sentence, critical);
  Q_EMIT began(sentence, critical);
}

void AlertNotifier::clear() {
  m_firing = m_pending = 0;
  m_worst.clear();
  showState();
}

void AlertNotifier::setMuted(bool muted) {
  if (muted == m_muted) return;
  m_muted = muted;
  showState();
  Q_EMIT mutedChanged(muted);
}

void AlertNotifier::showState() {
  m_tip = m_firing > 0 ? tr("%1 alerts firing, %2 pending").arg(m_firing).arg(m_pending) : m_pending > 0 ? tr("%1 alerts pending").arg(m_pending) : tr("No alert is firing");
  if (m_muted) m_tip += tr(" (muted)");
  if (!m_tray) return;
  const Palette& p = Theme::instance().palette();
  const QColor colour = m_firing == 0 ? p.text3 : m_worst == QLatin1String("critical") ? p.critical : p.warning;
  m_tray->setIcon(Theme::instance().icon(QStringLiteral("bell"), m_muted ? p.text3 : colour));
  m_tray->setToolTip(m_tip);
  m_tray->setVisible(m_firing + m_pending > 0 || m_muted);
}

}  // namespace cachedeck
