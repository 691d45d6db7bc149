// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/legend.h"

#include "ui/charts/plotpainter.h"
#include "ui/theme/figures.h"
#include "ui/widgets/card.h"

#include <QCoreApplication>
#include <QPainter>

#include <cmath>

namespace cachedeck {

namespace {
constexpr int swatch = 11, afterSwatch = 6, afterLabel = 6, side = 3, tall = 18, between = 9;

QFont labelFont() { return Theme::instance().font(TextRole::Label); }
QFont valueFont() { return Theme::instance().font(TextRole::LabelStrong); }
}  // namespace

LegendEntry::LegendEntry(const SeriesInfo& series, QWidget* parent) : QAbstractButton(parent), m_series(series), m_label(seriesLabel(series)) {
  setText(QString(m_label).replace(QLatin1Char('&'), QLatin1String("&&")));  // one alone would mark a shortcut
  setCheckable(true);
  setChecked(true);
  setCursor(Qt::PointingHandCursor);
  setFocusPolicy(Qt::TabFocus);
  setAccessibleName(m_label);
  const MetricInfo* metric = findMetric(series.metric);
  if (metric) setToolTip(QLatin1String("<p>") + QCoreApplication::translate("Metric", metric->description).toHtmlEscaped() + QLatin1String("</p>"));
}

void LegendEntry::setValue(const QString& value, bool stale) {
  if (value == m_value && stale == m_stale) return;
  m_value = value;
  m_stale = stale;
  setAccessibleDescription(value);
  const int wide = static_cast<int>(std::ceil(figureWidth(value, valueFont())));
  if (wide > m_widestValue) {
    m_widestValue = wide;
    Q_EMIT widened();
  }
  update();
}

QSize LegendEntry::sizeHint() const {
  const int label = static_cast<int>(std::ceil(QFontMetricsF(labelFont()).horizontalAdvance(m_label)));
  return {side + swatch + afterSwatch + label + afterLabel + m_widestValue + side, tall};
}

void LegendEntry::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  const bool on = isChecked();
  const double middle = height() / 2.0;
  const QColor colour = on ? seriesColour(p, m_series.colour, m_stale) : p.axis;
  painter.setPen(Qt::NoPen);
  if (m_series.style == SeriesStyle::Dashed) {
    painter.fillRect(QRectF(side, middle - 1, 4, 2), colour);
    painter.fillRect(QRectF(side + 7, middle - 1, 4, 2), colour);
  } else {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(side, middle - 1.5, swatch, 3), 1.5, 1.5);
  }
  painter.setFont(labelFont());
  painter.setPen(on && !m_stale ? p.text2 : p.text3);
  const QFontMetricsF metrics(painter.font());
  const double baseline = (height() - metrics.height()) / 2 + metrics.ascent();
  double x = side + swatch + afterSwatch;
  painter.drawText(QPointF(x, baseline), m_label);
  const double label = metrics.horizontalAdvance(m_label);
  if (!on) painter.drawLine(QPointF(x, middle + 1), QPointF(x + label, middle + 1));  // not by colour alone
  x += label + afterLabel;
  painter.setFont(valueFont());
  painter.setPen(on && !m_stale ? p.text1 : p.text3);
  if (on) drawFigures(painter, QPointF(x, baseline), m_value);
  if (hasFocus()) drawFocusRing(painter, rect(), 5);
}

LegendRow::LegendRow(const PanelInfo& panel, QWidget* parent) : QWidget(parent) {
  for (const SeriesInfo& series : panel.series) {
    auto* entry = new LegendEntry(series, this);
    connect(entry, &QAbstractButton::toggled, this, [this, metric = series.metric](bool on) { Q_EMIT toggled(metric, on); });
    connect(entry, &LegendEntry::widened, this, &LegendRow::layOut);
    m_entries.push_back(entry);
  }
  setFixedHeight(tall);
}

void LegendRow::resizeEvent(QResizeEvent*) { layOut(); }

void LegendRow::setShown(size_t entry, bool shown) {
  if (m_entries[entry]->isHidden() != shown) return;
  m_entries[entry]->setHidden(!shown);
  layOut();
}

void LegendRow::layOut() {
  int x = 0, y = 0;
  for (LegendEntry* entry : m_entries) {
    if (entry->isHidden()) continue;
    const QSize size = entry->sizeHint();
    if (x > 0 && x + size.width() > width()) {
      x = 0;
      y += tall;
    }
    entry->setGeometry(QRect(QPoint(x, y), size));
    x += size.width() + between;
  }
  if (height() != y + tall) setFixedHeight(y + tall);
}

}  // namespace cachedeck
