// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/gaugerow.h"

#include "core/metrics/format.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/plotpainter.h"
#include "ui/theme/figures.h"
#include "ui/widgets/card.h"

#include <QPainter>

#include <cmath>

namespace cachedeck {

namespace {
constexpr double gap = 16, lineHeight = 18, ringGap = 10, barHeight = 3, barRow = 23;

void drawRight(QPainter& painter, double right, double baseline, const QString& text) {
  drawFigures(painter, {right - figureWidth(text, painter.font()), baseline}, text);
}
}  // namespace

GaugeRow::GaugeRow(QWidget* parent) : QWidget(parent), m_gauge(new GaugeBackend(this)) {}

void GaugeRow::setData(GaugeData data, bool stale) {
  m_data = std::move(data);
  m_stale = stale;
  m_gauge->setRings(m_data.rings, m_data.caption, stale);
  describe();
  update();
}

void GaugeRow::describe() {
  QStringList parts;
  for (const GaugeData::Ring& ring : m_data.rings) parts << ring.label + QLatin1Char(' ') + formatValue(ring.percent, Unit::Percent);
  const QString text = parts.join(QStringLiteral(", "));
  if (text != accessibleDescription()) setAccessibleDescription(text);
}

void GaugeRow::resizeEvent(QResizeEvent*) {
  const int side = std::min(height(), static_cast<int>(width() * 0.47));
  m_gauge->setGeometry(0, (height() - side) / 2, side, side);
}

double GaugeRow::paintRings(QPainter& painter, double left, double y) const {
  const Palette& p = Theme::instance().palette();
  const Theme& theme = Theme::instance();
  for (const GaugeData::Ring& ring : m_data.rings) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(seriesColour(p, ring.colour, m_stale));
    painter.drawRoundedRect(QRectF(left, y - 9, 9, 9), 2.5, 2.5);
    painter.setFont(theme.font(TextRole::LabelStrong));
    painter.setPen(m_stale ? p.text3 : p.text1);
    const QString value = formatValue(ring.percent, Unit::Percent);
    drawRight(painter, width(), y, value);
    const double room = width() - left - 15 - figureWidth(value, painter.font()) - 6;
    painter.setFont(theme.font(TextRole::Label));
    painter.setPen(p.text2);
    painter.drawText(QPointF(left + 15, y), QFontMetricsF(painter.font()).elidedText(ring.label, Qt::ElideRight, room));
    painter.setFont(theme.font(TextRole::Secondary));
    painter.setPen(p.text3);
    const QString detail = QFontMetricsF(painter.font()).elidedText(ring.detail, Qt::ElideRight, width() - left - 15);
    drawFigures(painter, {left + 15, y + lineHeight - 2}, detail);
    y += (ring.detail.isEmpty() ? 1 : 2) * lineHeight + ringGap - 2;
  }
  return y;
}

void GaugeRow::paintBars(QPainter& painter, double left, double y) const {
  const Palette& p = Theme::instance().palette();
  for (const GaugeData::Bar& bar : m_data.bars) {
    if (y + barRow - 12 > height()) return;
    painter.setFont(Theme::instance().font(TextRole::Secondary));
    painter.setPen(p.text2);
    painter.drawText(QPointF(left, y), bar.label);
    painter.setFont(Theme::instance().font(TextRole::LabelStrong));
    painter.setPen(m_stale ? p.text3 : p.text1);
    drawRight(painter, width(), y, formatValue(bar.percent, Unit::Percent));
    const QRectF track(left, y + 5, width() - left, barHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(p.raised);
    painter.drawRoundedRect(track, 1.5, 1.5);
    if (std::isfinite(bar.percent)) {
      painter.setBrush(m_stale ? p.stale : bar.level == Level::Good ? p.series[2] : levelColour(bar.level));
      painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * std::clamp(bar.percent / 100, 0.0, 1.0), barHeight)), 1.5, 1.5);
    }
    y += barRow;
  }
}

void GaugeRow::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double left = m_gauge->width() + gap;
  double rings = 0;
  for (const GaugeData::Ring& ring : m_data.rings) rings += (ring.detail.isEmpty() ? 1 : 2) * lineHeight + ringGap - 2;
  const double bars = m_data.bars.empty() ? 0 : 20 + barRow * static_cast<double>(m_data.bars.size());
  const double used = std::min<double>(height(), rings + bars);
  double y = paintRings(painter, left, (height() - used) / 2 + 12);
  if (m_data.bars.empty() || y + 8 + barRow > height()) return;
  painter.setPen(QPen(p.border, 1));
  painter.drawLine(QPointF(left, std::round(y - 8) + 0.5), QPointF(width(), std::round(y - 8) + 0.5));
  y += 8;
  painter.setFont(Theme::instance().font(TextRole::Secondary));
  painter.setPen(p.text3);
  painter.drawText(QPointF(left, y), m_data.barTitle);
  paintBars(painter, left, y + 18);
}

}  // namespace cachedeck
