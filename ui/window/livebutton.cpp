// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/livebutton.h"

#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

#include <QIcon>
#include <QPainter>
#include <QShortcut>

namespace cachedeck {

namespace {

constexpr int tall = 30, side = 12, mark = 12, between = 6;

}  // namespace

LiveButton::LiveButton(QWidget* parent) : QAbstractButton(parent) {
  setCheckable(true);
  setFocusPolicy(Qt::TabFocus);  // a click leaves no ring behind
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  updateTip();
  connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+P")), this), &QShortcut::activated, this, &LiveButton::click);
  setAccessibleName(tr("Pause"));
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void LiveButton::setKept(bool kept) {
  m_kept = kept;
  setEnabled(!kept);
  updateGeometry();
  update();
}

void LiveButton::setLive(bool live) {
  if (live == m_live) return;
  m_live = live;
  updateTip();
  update();
}

void LiveButton::updateTip() {
  const QString help = tr("Hold the charts still, or follow time again (Ctrl+P). Measuring goes on.");
  const QString text = m_live ? help : tr("No source is live, so nothing new comes to the charts.") + QLatin1Char(' ') + help;
  setToolTip(text);
  setAccessibleDescription(text);
}

QString LiveButton::word() const { return m_kept ? tr("Snapshot") : isChecked() ? tr("Paused") : m_live ? tr("Live") : tr("No data"); }

QColor LiveButton::colour() const {
  const Palette& p = Theme::instance().palette();
  return m_kept ? p.info : isChecked() ? p.warning : m_live ? p.good : p.stale;
}

QSize LiveButton::sizeHint() const {
  // Wide enough for each word, so that the bar does not move.
  const QFontMetrics metrics(Theme::instance().font(TextRole::LabelStrong));
  const int text = m_kept ? metrics.horizontalAdvance(word()) : qMax(qMax(metrics.horizontalAdvance(tr("Paused")), metrics.horizontalAdvance(tr("Live"))), metrics.horizontalAdvance(tr("No data")));
  return {2 * side + mark + between + text, tall};
}

void LiveButton::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  const QColor colour = this->colour();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(withAlpha(colour, underMouse() ? 255 : 150), 1));
  painter.setBrush(mixed(p.card, colour, isDown() ? 0.22 : 0.12));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
  painter.setFont(Theme::instance().font(TextRole::LabelStrong));
  const int text = painter.fontMetrics().horizontalAdvance(word());
  const int x = (width() - text - mark - between) / 2;
  if (m_kept) {
    Theme::instance().icon(QStringLiteral("camera"), colour).paint(&painter, QRect(x, (height() - mark) / 2, mark, mark));
  } else if (isChecked()) {
    Theme::instance().icon(QStringLiteral("pause"), colour).paint(&painter, QRect(x, (height() - mark) / 2, mark, mark));
  } else {
    painter.setPen(m_live ? QPen(Qt::NoPen) : QPen(colour, 1.6));
    painter.setBrush(m_live ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawEllipse(QPointF(x + mark / 2.0, height() / 2.0), 3.5, 3.5);
  }
  painter.setPen(colour);
  painter.drawText(QRect(x + mark + between, 0, text + 2, height()), Qt::AlignVCenter | Qt::AlignLeft, word());
  if (hasFocus()) drawFocusRing(painter, rect(), 8);
}

}  // namespace cachedeck
