// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rowlist.h"

#include "core/base/text.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QIcon>
#include <QPainter>
#include <QToolTip>

namespace cachedeck {

namespace {

constexpr int lineHeight = 24, detailHeight = 15, headingHeight = 22, headingGap = 12, iconSize = 14;

QColor colourOf(RowList::Tone tone) {
  const Palette& p = Theme::instance().palette();
  switch (tone) {
    case RowList::Tone::Plain: return p.text1;
    case RowList::Tone::Quiet: return p.text3;
    case RowList::Tone::Good: return p.good;
    case RowList::Tone::Warning: return p.warning;
    case RowList::Tone::Critical: return p.critical;
  }
  return p.text1;
}

}  // namespace

RowList::RowList(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

int RowList::heightOf(const Row& row, bool first) {
  if (row.heading) return headingHeight + (first ? 0 : headingGap);
  return lineHeight + (row.detail.isEmpty() ? 0 : detailHeight);
}

void RowList::setRows(const QList<Row>& rows) {
  const int before = sizeHint().height();
  m_rows = rows;
  QStringList words;
  for (const Row& row : rows) words << QStringList{row.text, row.value, row.detail}.join(QLatin1Char(' ')).simplified();
  setAccessibleDescription(words.join(QStringLiteral("; ")));
  if (sizeHint().height() != before) updateGeometry();
  update();
}

void RowList::setReach(int reach) {
  m_reach = reach;
  update();
}

QSize RowList::sizeHint() const {
  int height = 0;
  for (qsizetype i = 0; i < m_rows.size(); ++i) height += heightOf(m_rows[i], i == 0);
  return {240, height};
}

bool RowList::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  int top = 0;
  for (qsizetype i = 0; i < m_rows.size(); ++i) {
    const Row& row = m_rows[i];
    top += heightOf(row, i == 0);
    if (help->pos().y() >= top) continue;
    const QString text = row.heading ? QString() : row.detail.isEmpty() ? row.text : row.text + QLatin1Char('\n') + row.detail;
    QToolTip::showText(help->globalPos(), plainTip(text), this);
    return true;
  }
  QToolTip::hideText();
  return true;
}

void RowList::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const auto elided = [&](const QPointF& at, const QString& text, double room) {
    if (figureWidth(text, painter.font()) <= room) drawFigures(painter, at, text);
    else painter.drawText(at, QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, room));
  };
  double top = 0;
  for (qsizetype i = 0; i < m_rows.size(); ++i) {
    const Row& row = m_rows[i];
    const double tall = heightOf(row, i == 0), baseline = row.heading ? top + tall - 8 : top + 16;
    painter.setFont(Theme::instance().font(row.heading ? TextRole::Secondary : TextRole::LabelStrong));
    double right = m_reach > 0 && !row.heading && !row.value.isEmpty() ? std::min(m_reach, width()) : width();
    if (!row.value.isEmpty()) {
      const double wide = std::min(figureWidth(row.value, painter.font()), right * 0.55);
      painter.setPen(row.heading ? p.text3 : readable(colourOf(row.tone), p.card));
      elided({right - wide, baseline}, row.value, wide);
      right -= wide + 10;
    }
    double left = 0;
    if (!row.icon.isEmpty()) {
      Theme::instance().icon(row.icon, colourOf(row.tone)).paint(&painter, QRect(0, static_cast<int>(top) + 5, iconSize, iconSize));
      left = iconSize + 8;
    }
    painter.setFont(Theme::instance().font(row.heading ? TextRole::LabelStrong : TextRole::Label));
    painter.setPen(row.heading ? p.text2 : p.text1);
    elided({left, baseline}, row.text, right - left);
    if (!row.detail.isEmpty()) {
      painter.setFont(Theme::instance().font(TextRole::Secondary));
      painter.setPen(p.text2);
      elided({left, baseline + detailHeight}, row.detail, width() - left);
    }
    top += tall;
    if (row.heading) painter.fillRect(QRectF(0, top - 2, width(), 1), p.border);
  }
}

}  // namespace cachedeck
