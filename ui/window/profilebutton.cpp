// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/profilebutton.h"

#include "core/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/window/environmentmark.h"

#include <QIcon>
#include <QMenu>
#include <QPainter>
#include <QShortcut>

#include <cmath>

namespace cachedeck {

namespace {

constexpr int tall = 30, side = 9, between = 8, arrow = 12, widestName = 150;

// In a menu & marks the access key and a tab parts the shortcut off.
QString menuText(const ProfileEntry& entry) {
  const QString name = printable(entry.name, 48).replace(QLatin1Char('&'), QLatin1String("&&"));
  return entry.environment ? name + QStringLiteral("   ") + environmentWord(*entry.environment) : name;
}

}  // namespace

ProfileButton::ProfileButton(QWidget* parent) : QAbstractButton(parent) {
  setFocusPolicy(Qt::TabFocus);  // a click leaves no ring behind
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setToolTip(tr("Switch to another profile (Ctrl+K)"));
  connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+K")), this), &QShortcut::activated, this, &ProfileButton::click);
  setCurrent({});
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
  connect(this, &QAbstractButton::clicked, this, [this] {
    QMenu* const menu = makeMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(mapToGlobal(QPoint(0, height() + Theme::grid)));
  });
}

void ProfileButton::setCurrent(const std::optional<ProfileEntry>& entry) {
  m_current = entry;
  setAccessibleName(tr("Profile"));
  setAccessibleDescription(!entry ? tr("none") : entry->environment ? printable(entry->name) + QStringLiteral(", ") + environmentWord(*entry->environment) : printable(entry->name));
  updateGeometry();
  update();
}

QString ProfileButton::shownName() const {
  const QFontMetrics metrics(Theme::instance().font(TextRole::LabelStrong));
  return metrics.elidedText(m_current ? printable(m_current->name) : tr("No profile"), Qt::ElideRight, widestName);
}

QMenu* ProfileButton::makeMenu() {
  auto* menu = new QMenu(this);
  for (const ProfileEntry& entry : std::as_const(m_entries)) {
    QAction* const action = menu->addAction(menuText(entry));
    action->setCheckable(true);
    action->setChecked(m_current && m_current->id == entry.id);
    connect(action, &QAction::triggered, this, [this, id = entry.id] { Q_EMIT profileChosen(id); });
  }
  if (!m_entries.isEmpty()) menu->addSeparator();
  connect(menu->addAction(tr("Manage connections")), &QAction::triggered, this, &ProfileButton::manageRequested);
  connect(menu->addAction(tr("New connection")), &QAction::triggered, this, &ProfileButton::newConnection);
  connect(menu->addAction(tr("Try the sandbox")), &QAction::triggered, this, &ProfileButton::trySandbox);
  return menu;
}

QSize ProfileButton::sizeHint() const {
  const QFontMetricsF metrics(Theme::instance().font(TextRole::LabelStrong));
  double width = 2 * side + metrics.horizontalAdvance(shownName()) + between + arrow;
  if (m_current && m_current->environment) width += environmentWidth(*m_current->environment) + between;
  return {static_cast<int>(std::ceil(width)), tall};
}

void ProfileButton::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(underMouse() ? p.text3 : p.border, 1));
  painter.setBrush(isDown() ? p.raised : p.card);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
  double x = side;
  if (m_current && m_current->environment) {
    drawEnvironment(painter, QPointF(x, height() / 2.0), *m_current->environment);
    x += environmentWidth(*m_current->environment) + between;
  }
  painter.setFont(Theme::instance().font(TextRole::LabelStrong));
  painter.setPen(p.text1);
  painter.drawText(QRectF(x, 0, width() - x - arrow - side, height()), Qt::AlignVCenter | Qt::AlignLeft, shownName());
  Theme::instance().icon(QStringLiteral("chevron-down"), p.text2).paint(&painter, QRect(width() - side - arrow, (height() - arrow) / 2, arrow, arrow));
  if (hasFocus()) drawFocusRing(painter, rect(), 8);
}

}  // namespace cachedeck
