// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/choicecard.h"

#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QIcon>
#include <QPainter>

namespace cachedeck {

ChoiceCard::ChoiceCard(const QString& iconName, const QString& title, const QString& sentence, QWidget* parent)
    : QAbstractButton(parent), m_iconName(iconName) {
  setAccessibleName(title);
  setAccessibleDescription(sentence);
  setFocusPolicy(Qt::TabFocus);  // a click leaves no ring behind
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  m_icon = new QLabel(this);
  QLabel* const heading = plainLabel(title, TextRole::PageTitle, "", this);
  QLabel* const text = plainLabel(sentence, TextRole::Label, "secondary", this);
  text->setWordWrap(true);
  for (QLabel* const label : {m_icon, heading, text}) label->setAttribute(Qt::WA_TransparentForMouseEvents);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 24, 24, 24);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(m_icon);
  column->addSpacing(2 * Theme::grid);
  column->addWidget(heading);
  column->addWidget(text);
  column->addStretch(1);
  connect(&Theme::instance(), &Theme::changed, this, &ChoiceCard::recolour);
  recolour();
}

QSize ChoiceCard::sizeHint() const { return {360, 176}; }

void ChoiceCard::recolour() {
  const Palette& p = Theme::instance().palette();
  m_icon->setPixmap(Theme::instance().icon(m_iconName, p.accent).pixmap(QSize(30, 30), devicePixelRatioF()));
  update();
}

void ChoiceCard::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const bool lit = isEnabled() && underMouse();
  painter.setOpacity(isEnabled() ? 1.0 : 0.6);
  painter.setPen(QPen(lit ? p.accent : p.border, 1));
  painter.setBrush(isDown() ? p.raised : lit ? mixed(p.card, p.accent, 0.05) : p.card);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
  if (hasFocus()) drawFocusRing(painter, rect(), Theme::radius);
}

}  // namespace cachedeck
