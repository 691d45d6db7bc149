// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"

#include "ui/theme/figures.h"

#include <QFontMetrics>
#include <QPainter>
#include <QStyle>

#include <cmath>

namespace cachedeck {

QLabel* plainLabel(const QString& text, TextRole role, const char* tone, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setTextFormat(Qt::PlainText);
  label->setFont(Theme::instance().font(role));
  setTone(label, tone);
  return label;
}

void setTone(QLabel* label, const char* tone) {
  const QString word = QLatin1String(tone);
  if (label->property("tone").toString() == word) return;
  label->setProperty("tone", word);
  label->style()->unpolish(label);
  label->style()->polish(label);
}

ElidedLabel::ElidedLabel(TextRole role, int textColour, QWidget* parent) : QWidget(parent), m_role(role), m_colour(textColour) {
  setFont(Theme::instance().font(role));
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text) {
  if (text == m_text) return;
  m_text = text;
  m_line = QString(text).replace(QLatin1Char('\n'), QLatin1Char(' '));
  setAccessibleName(text);
  updateGeometry();
  updateTip();
  update();
}

void ElidedLabel::setTextColour(int number) {
  if (number == m_colour) return;
  m_colour = number;
  update();
}

QSize ElidedLabel::sizeHint() const {
  const QFont font = Theme::instance().font(m_role);
  return {static_cast<int>(std::ceil(figureWidth(m_line, font))) + 1, QFontMetrics(font).height()};
}

QSize ElidedLabel::minimumSizeHint() const { return {0, sizeHint().height()}; }

void ElidedLabel::updateTip() {
  const bool cut = !m_text.isEmpty() && (width() < sizeHint().width() || m_line != m_text);
  // A tooltip guesses whether its text is markup; escaped text in a paragraph leaves no guess.
  setToolTip(cut ? QLatin1String("<p>") + m_text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")) + QLatin1String("</p>") : QString());
}

void ElidedLabel::resizeEvent(QResizeEvent*) { updateTip(); }

void ElidedLabel::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setFont(Theme::instance().font(m_role));
  painter.setPen(m_colour == 1 ? p.text1 : m_colour == 2 ? p.text2 : p.text3);
  const QFontMetricsF metrics(painter.font());
  const QPointF baseline(0, (height() - metrics.height()) / 2 + metrics.ascent());
  if (sizeHint().width() <= width()) drawFigures(painter, baseline, m_line);
  else painter.drawText(baseline, metrics.elidedText(m_line, Qt::ElideRight, width()));
}

}  // namespace cachedeck
