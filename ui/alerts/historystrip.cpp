// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/historystrip.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/alerts/alertstext.h"
#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace cachedeck {

namespace {

constexpr double trackTop = 4, trackHeight = 18, leastWidth = 4, labelBaseline = 38;
constexpr int parts = 4;
constexpr qint64 leastMarginMs = 5 * 60'000, aroundMs = 15 * 60'000;

}  // namespace

HistoryStrip::HistoryStrip(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  setAccessibleName(tr("When it was firing"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HistoryStrip::setBands(const QList<AlertBand>& bands, qint64 fromMs, qint64 toMs) {
  m_bands = bands;
  m_fromMs = fromMs;
  m_toMs = toMs;
  if (m_current >= m_bands.size()) m_current = -1;
  setAccessibleDescription(bands.isEmpty() ? tr("It was not firing.") : tr("Bands: %1. The last, %2").arg(countText(bands.size()), textOf(bands.back())));
  update();
}

double HistoryStrip::xOf(qint64 ms) const { return m_toMs > m_fromMs ? static_cast<double>(ms - m_fromMs) / static_cast<double>(m_toMs - m_fromMs) * width() : 0; }

QRectF HistoryStrip::rectOf(const AlertBand& band) const {
  const double from = std::min(xOf(band.fromMs), width() - leastWidth);
  return {from, trackTop, std::max(leastWidth, xOf(band.toMs) - from), trackHeight};
}

qsizetype HistoryStrip::bandAt(double x) const {
  for (qsizetype i = m_bands.size() - 1; i >= 0; --i)
    if (const QRectF rect = rectOf(m_bands[i]); x >= rect.left() - 2 && x <= rect.right() + 2) return i;
  return -1;
}

QString HistoryStrip::textOf(const AlertBand& band) {
  return tr("%1: from %2 to %3 (%4)").arg(instanceText(band.labels), instantText(band.fromMs), instantText(band.toMs), formatDuration(static_cast<double>(band.toMs - band.fromMs) / 1000.0));
}

void HistoryStrip::ask(const AlertBand& band) {
  const qint64 margin = std::max(leastMarginMs, (band.toMs - band.fromMs) / 10);
  Q_EMIT showAt(band.fromMs - margin, band.toMs + margin);
}

bool HistoryStrip::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const qsizetype at = bandAt(help->pos().x());
  QToolTip::showText(help->globalPos(), plainTip(at < 0 ? tr("Show the charts of this time") : textOf(m_bands[at])), this);
  return true;
}

void HistoryStrip::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || m_toMs <= m_fromMs) return;
  const double x = event->position().x();
  if (const qsizetype at = bandAt(x); at >= 0) return ask(m_bands[at]);
  const qint64 ms = m_fromMs + static_cast<qint64>(x / width() * static_cast<double>(m_toMs - m_fromMs));
  Q_EMIT showAt(ms - aroundMs, ms + aroundMs);
}

void HistoryStrip::keyPressEvent(QKeyEvent* event) {
  const bool isRight = event->key() == Qt::Key_Right, isLeft = event->key() == Qt::Key_Left;
  if ((isRight || isLeft) && !m_bands.isEmpty()) {
    m_current = m_current < 0 ? m_bands.size() - 1 : std::clamp<qsizetype>(m_current + (isRight ? 1 : -1), 0, m_bands.size() - 1);
    update();
  } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current >= 0) {
    ask(m_bands[m_current]);
  } else {
    QWidget::keyPressEvent(event);
  }
}

void HistoryStrip::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(mixed(p.card, p.raised, 0.9));
  painter.drawRoundedRect(QRectF(0, trackTop, width(), trackHeight), 4, 4);
  for (int i = 1; i < parts; ++i) painter.fillRect(QRectF(width() * i / parts, trackTop, 1, trackHeight), p.grid);
  for (const AlertBand& band : m_bands) {
    painter.setBrush(severityColour(band.severity));
    painter.drawRoundedRect(rectOf(band), 2, 2);
  }
  painter.setFont(Theme::instance().font(TextRole::Mark));
  painter.setPen(p.text3);
  const QFontMetricsF metrics(painter.font());
  for (int i = 0; i <= parts; ++i) {
    const QString text = i == parts ? tr("now") : QStringLiteral("−%1").arg(formatDuration(static_cast<double>(m_toMs - m_fromMs) / 1000.0 * (parts - i) / parts));
    const double wide = metrics.horizontalAdvance(text);
    painter.drawText(QPointF(std::clamp(width() * static_cast<double>(i) / parts - wide / 2, 0.0, width() - wide), labelBaseline), text);
  }
  if (!hasFocus()) return;
  if (m_current >= 0) drawFocusRing(painter, rectOf(m_bands[m_current]).adjusted(-3, -3, 3, 3), 3);
  else drawFocusRing(painter, QRectF(0, trackTop - 2, width(), trackHeight + 4), 4);
}

}  // namespace cachedeck
