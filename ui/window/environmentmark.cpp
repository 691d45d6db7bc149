// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/environmentmark.h"

#include "ui/theme/colour.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

namespace cachedeck {

namespace {

constexpr double side = 6, tall = 17;

}  // namespace

QString environmentWord(Environment environment) {
  switch (environment) {
    case Environment::Development: return QCoreApplication::translate("Environment", "DEVELOPMENT");
    case Environment::Staging: return QCoreApplication::translate("Environment", "STAGING");
    case Environment::Production: break;
  }
  return QCoreApplication::translate("Environment", "PRODUCTION");
}

QColor environmentColour(Environment environment) {
  const Palette& p = Theme::instance().palette();
  switch (environment) {
    case Environment::Development: return p.good;
    case Environment::Staging: return p.warning;
    case Environment::Production: break;
  }
  return p.critical;
}

double environmentWidth(Environment environment) {
  return QFontMetricsF(Theme::instance().font(TextRole::Mark)).horizontalAdvance(environmentWord(environment)) + 2 * side;
}

void drawEnvironment(QPainter& painter, const QPointF& left, Environment environment) {
  const QColor colour = environmentColour(environment);
  const QRectF frame(left.x(), left.y() - tall / 2, environmentWidth(environment), tall);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(mixed(Theme::instance().palette().card, colour, 0.16));
  painter.drawRoundedRect(frame, 5, 5);
  painter.setPen(colour);
  painter.setFont(Theme::instance().font(TextRole::Mark));
  painter.drawText(frame, Qt::AlignCenter, environmentWord(environment));
  painter.restore();
}

}  // namespace cachedeck
