// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/pill.h"

#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <cmath>

namespace cachedeck {

namespace {
constexpr int iconSize = 13, side = 9, between = 5, tall = 20;
}

Pill::Pill(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  hide();
}

void Pill::say(const QString& icon, const QString& text, const QColor& colour) {
  setVisible(!text.isEmpty());
  if (icon == m_iconName && text == m_text && colour == m_colour) return;
  if (icon != m_iconName || colour != m_colour) m_icon = icon.isEmpty() ? QIcon() : Theme::instance().icon(icon, colour);
  m_iconName = icon;
  m_text = text;
  m_colour = colour;
  setAccessibleName(text);
  updateGeometry();
  update();
}

QSize Pill::sizeHint() const {
  const double text = figureWidth(m_text, Theme::instance().font(TextRole::LabelStrong));
  return {static_cast<int>(std::ceil(text)) + 2 * side + (m_iconName.isEmpty() ? 0 : iconSize + between), tall};
}

void Pill::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  const QColor surface = mixed(Theme::instance().palette().card, m_colour, 0.16);
  painter.setBrush(surface);
  painter.drawRoundedRect(rect(), tall / 2.0, tall / 2.0);
  int x = side;
  if (!m_icon.isNull()) {
    m_icon.paint(&painter, QRect(x, (height() - iconSize) / 2, iconSize, iconSize));
    x += iconSize + between;
  }
  painter.setFont(Theme::instance().font(TextRole::LabelStrong));
  painter.setPen(readable(m_colour, surface));
  const QFontMetricsF metrics(painter.font());
  drawFigures(painter, QPointF(x, (height() - metrics.height()) / 2 + metrics.ascent()), m_text);
}

}  // namespace cachedeck
