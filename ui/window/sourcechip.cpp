// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sourcechip.h"

#include "core/base/text.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/window/chiptext.h"

#include <QIcon>
#include <QPainter>

#include <cmath>

namespace cachedeck {

namespace {

using Kind = SourceState::Kind;

constexpr int tall = 28, markWidth = 18, side = 11, between = 7;
constexpr int glyphSize = 13;

}  // namespace

SourceChip::SourceChip(const QString& id, QWidget* parent) : QAbstractButton(parent), m_id(id) {
  setFocusPolicy(Qt::TabFocus);  // a click leaves no ring behind
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SourceChip::setState(const QString& title, const SourceState& state, qint64 nowMs) {
  const QString detail = chipDetail(state, nowMs);
  const bool same = title == m_title && detail == m_detail && state.kind == m_state.kind;
  const double width = figureWidth(detail, Theme::instance().font(TextRole::Secondary));
  m_detailWidth = state.kind == m_state.kind ? qMax(m_detailWidth, width) : width;
  m_title = printable(title, 40);
  m_detail = detail;
  m_state = state;
  setAccessibleName(m_title);
  setAccessibleDescription(stateSentence(state, nowMs));
  if (same) return;
  updateGeometry();
  update();
}

void SourceChip::setDensity(Density density) {
  if (density == m_density) return;
  m_density = density;
  // A tooltip guesses whether its text is markup; escaped text in a paragraph leaves no guess.
  setToolTip(density == Density::Full ? QString() : QLatin1String("<p>") + m_title.toHtmlEscaped() + QLatin1String("</p>"));
  update();
}

bool SourceChip::isTrouble() const { return m_state.kind == Kind::Stale || m_state.kind == Kind::Failed; }

int SourceChip::widthAt(Density density) const {
  if (density == Density::Mark) return markWidth + side;
  double width = markWidth + 2 * side - 3 + figureWidth(m_title, Theme::instance().font(TextRole::LabelStrong));
  if (density == Density::Full && !m_detail.isEmpty()) width += between + m_detailWidth;
  return static_cast<int>(std::ceil(width)) + 1;
}

QSize SourceChip::sizeHint() const { return {widthAt(m_density), tall}; }

QColor SourceChip::edgeColour() const {
  const Palette& p = Theme::instance().palette();
  if (m_state.kind == Kind::Failed) return p.critical;
  return m_state.kind == Kind::Stale ? p.warning : underMouse() ? p.text3 : p.border;
}

QColor SourceChip::detailColour() const {
  return isTrouble() ? edgeColour() : Theme::instance().palette().text3;
}

void SourceChip::drawMark(QPainter& painter, const QPointF& centre) const {
  const Palette& p = Theme::instance().palette();
  if (isTrouble()) {
    const QString name = m_state.kind == Kind::Failed ? QStringLiteral("unplug") : QStringLiteral("clock");
    const QPointF corner = centre - QPointF(glyphSize, glyphSize) / 2;
    Theme::instance().icon(name, edgeColour()).paint(&painter, QRect(corner.toPoint(), QSize(glyphSize, glyphSize)));
    return;
  }
  if (m_state.kind == Kind::Live) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(withAlpha(p.good, 60));
    painter.drawEllipse(centre, 5.5, 5.5);
    painter.setBrush(p.good);
    painter.drawEllipse(centre, 3.5, 3.5);
    return;
  }
  if (m_state.kind == Kind::Kept) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(p.text3);
    painter.drawEllipse(centre, 3.5, 3.5);
    return;
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(m_state.kind == Kind::Connecting ? p.info : p.text3, 1.6,
                      m_state.kind == Kind::Connecting ? Qt::DotLine : Qt::SolidLine));
  painter.drawEllipse(centre, 4, 4);
}

void SourceChip::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(edgeColour(), 1));
  painter.setBrush(isDown() ? p.raised : isTrouble() ? mixed(p.card, edgeColour(), 0.10) : p.card);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2);
  drawMark(painter, QPointF(side + 4, height() / 2.0));
  if (m_density != Density::Mark) {
    const auto write = [&](double x, const QString& text, TextRole role, const QColor& colour) {
      painter.setFont(Theme::instance().font(role));
      painter.setPen(colour);
      const QFontMetricsF metrics(painter.font());
      drawFigures(painter, QPointF(x, (height() - metrics.height()) / 2 + metrics.ascent()), text);
      return x + figureWidth(text, painter.font());
    };
    const double end = write(side + markWidth - 3, m_title, TextRole::LabelStrong, p.text1);
    if (m_density == Density::Full) write(end + between, m_detail, TextRole::Secondary, detailColour());
  }
  if (hasFocus()) drawFocusRing(painter, rect(), height() / 2.0 - 1);
}

}  // namespace cachedeck
