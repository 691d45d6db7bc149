// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QPainter>

namespace cachedeck {

Card::Card(QWidget* parent) : QFrame(parent) {
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Card::setEdge(Level level) {
  if (level == m_edge) return;
  m_edge = level;
  update();
}

void Card::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(p.card);
  painter.setPen(QPen(m_edge == Level::Good ? p.border : levelColour(m_edge), 1));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
}

QColor levelColour(Level level) {
  const Palette& p = Theme::instance().palette();
  return level == Level::Critical ? p.critical : level == Level::Warning ? p.warning : p.text2;
}

QString levelWord(Level level) {
  switch (level) {
    case Level::Good: return QCoreApplication::translate("Level", "good");
    case Level::Warning: return QCoreApplication::translate("Level", "warning");
    case Level::Critical: return QCoreApplication::translate("Level", "critical");
  }
  return {};
}

void drawFocusRing(QPainter& painter, const QRectF& rect, double radius) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(Theme::instance().palette().accent, 2));
  painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
  painter.restore();
}

}  // namespace cachedeck
