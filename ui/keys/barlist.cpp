// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/barlist.h"

#include "core/base/amounts.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

constexpr int single = 22, doubled = 30, gap = 10, barHeight = 6;

QString figureText(const BarList::Row& row) {
  if (!row.text.isEmpty()) return row.text;
  return row.after < 0 ? countText(row.value) : countText(row.value) + QStringLiteral(" → ") + countText(row.after);
}

void bar(QPainter& painter, const QRectF& place, double share, const QColor& track, const QColor& colour) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(track);
  painter.drawRoundedRect(place, place.height() / 2, place.height() / 2);
  if (share <= 0) return;
  painter.setBrush(colour);
  painter.drawRoundedRect(QRectF(place.left(), place.top(), std::max(place.height(), place.width() * share), place.height()), place.height() / 2, place.height() / 2);
}

}  // namespace

BarList::BarList(int series, QWidget* parent) : QWidget(parent), m_series(series) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void BarList::setRows(const QList<Row>& rows) {
  m_rows = rows;
  QStringList said;
  for (const Row& row : rows) said << row.label + QStringLiteral(": ") + figureText(row);
  setAccessibleDescription(said.join(QStringLiteral(", ")));
  updateGeometry();
  update();
}

int BarList::rowHeight() const {
  return std::any_of(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.after >= 0; }) ? doubled : single;
}

QSize BarList::sizeHint() const { return {220, static_cast<int>(m_rows.size()) * rowHeight()}; }
QSize BarList::minimumSizeHint() const { return {120, sizeHint().height()}; }

void BarList::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QFont labelFont = Theme::instance().font(TextRole::Label), strong = Theme::instance().font(TextRole::LabelStrong);
  double labels = 0, figures = 0;
  qint64 most = 1;
  for (const Row& row : m_rows) {
    labels = std::max(labels, QFontMetricsF(labelFont).horizontalAdvance(row.label));
    figures = std::max(figures, figureWidth(figureText(row), strong));
    most = std::max({most, row.value, row.after});
  }
  labels = std::min(labels, width() * 0.45);
  const double height = rowHeight(), left = std::ceil(labels) + gap, right = std::ceil(figures) + gap;
  const double room = std::max(20.0, width() - left - right);
  const QColor colour = p.series[static_cast<std::size_t>(m_series)];
  for (qsizetype i = 0; i < m_rows.size(); ++i) {
    const Row& row = m_rows[i];
    const double top = static_cast<double>(i) * height, middle = top + height / 2;
    painter.setFont(labelFont);
    painter.setPen(p.text2);
    painter.drawText(QRectF(0, top, labels + 1, height), Qt::AlignVCenter | Qt::AlignLeft, QFontMetricsF(labelFont).elidedText(row.label, Qt::ElideMiddle, labels + 1));
    const double share = static_cast<double>(row.value) / static_cast<double>(most), after = static_cast<double>(row.after) / static_cast<double>(most);
    if (row.after < 0) {
      bar(painter, {left, middle - barHeight / 2.0, room, barHeight}, share, p.grid, colour);
    } else {
      bar(painter, {left, middle - barHeight - 1, room, barHeight}, share, p.grid, p.stale);
      bar(painter, {left, middle + 1, room, barHeight}, after, p.grid, colour);
    }
    painter.setFont(strong);
    painter.setPen(row.value == 0 && row.after <= 0 ? p.text3 : p.text1);
    const QString text = figureText(row);
    const QFontMetricsF metrics(strong);
    drawFigures(painter, QPointF(width() - figureWidth(text, strong), middle + (metrics.ascent() - metrics.descent()) / 2), text);
  }
}

}  // namespace cachedeck
