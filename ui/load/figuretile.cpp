// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/figuretile.h"

#include "ui/charts/sparkline.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"

#include <QIcon>
#include <QPainter>

namespace cachedeck {

namespace {
constexpr double pad = 14, titleBaseline = 22, valueBaseline = 54, footerBaseline = 74;
constexpr int tall = 88, shapeSize = 14, narrow = 176;
constexpr double leastCourse = 22, mostCourse = 96;
}  // namespace

FigureTile::FigureTile(const QString& title, int colour, QWidget* parent) : Card(parent), m_colour(colour) {
  setAccessibleName(title);
  setFixedHeight(tall);
  setMinimumWidth(110);
}

void FigureTile::setFigure(const Quantity& value, const QString& footer, Level level) {
  m_value = value;
  m_footer = footer;
  setEdge(level);
  setAccessibleDescription(m_value.text() + QStringLiteral("; ") + footer);
  update();
}

void FigureTile::setCourse(std::vector<Bucket> course, const TimeSpan& span) {
  m_course = std::move(course);
  m_span = span;
  update();
}

void FigureTile::paintEvent(QPaintEvent* event) {
  Card::paintEvent(event);
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(Theme::instance().font(TextRole::Label));
  painter.setPen(p.text2);
  painter.drawText(QPointF(pad, titleBaseline), accessibleName());
  if (edge() != Level::Good) Theme::instance().icon(QStringLiteral("warning"), levelColour(edge())).paint(&painter, QRect(width() - static_cast<int>(pad) - shapeSize, 11, shapeSize, shapeSize));
  QFont big = Theme::instance().font(TextRole::Kpi), small = Theme::instance().font(TextRole::Label);
  big.setPixelSize(width() < narrow ? 20 : 26);  // all tiles of a row alike, so that each has room for its course
  small.setPixelSize(13);
  painter.setFont(big);
  painter.setPen(m_value.number == QStringLiteral("–") ? p.text3 : p.text1);
  drawFigures(painter, {pad - 1, valueBaseline}, m_value.number);
  double x = pad + figureWidth(m_value.number, big) + 4;
  painter.setFont(small);
  painter.setPen(p.text2);
  drawFigures(painter, {x, valueBaseline}, m_value.unit);
  x = std::max(x + figureWidth(m_value.unit, small) + 10, width() - pad - (width() < narrow ? 2 * leastCourse : mostCourse));
  const QRectF course(x, 32, width() - pad - x, 26);
  if (course.width() >= leastCourse && !m_course.empty()) paintSparkline(painter, course, {m_course, m_span, m_colour});
  painter.setFont(Theme::instance().font(TextRole::Secondary));
  painter.setPen(readable(p.text3, p.card));
  const double room = width() - 2 * pad;
  QString footer = m_footer;  // what does not fit is left out from its end, a part at a time
  for (qsizetype part = footer.lastIndexOf(QStringLiteral(" · ")); part > 0 && figureWidth(footer, painter.font()) > room; part = footer.lastIndexOf(QStringLiteral(" · "))) footer.truncate(part);
  if (figureWidth(footer, painter.font()) <= room) drawFigures(painter, {pad, footerBaseline}, footer);
  else painter.drawText(QPointF(pad, footerBaseline), QFontMetricsF(painter.font()).elidedText(footer, Qt::ElideRight, room));
}

}  // namespace cachedeck
