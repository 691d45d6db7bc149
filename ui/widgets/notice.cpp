// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/notice.h"

#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QIcon>
#include <QPainter>
#include <QPushButton>

namespace cachedeck {

Notice::Notice(Form form, QWidget* parent) : QWidget(parent), m_form(form) {
  m_icon = new QLabel(this);
  m_title = plainLabel({}, form == Form::Full ? TextRole::CardTitle : TextRole::LabelStrong, "", this);
  m_sentence = plainLabel({}, TextRole::Label, "secondary", this);
  m_detail = plainLabel({}, form == Form::Full ? TextRole::Label : TextRole::Secondary, "secondary", this);
  m_button = new QPushButton(this);
  for (QLabel* label : {m_title, m_sentence, m_detail}) label->setWordWrap(true);
  if (form == Form::Full) buildFull();
  else buildCompact();
  connect(m_button, &QPushButton::clicked, this, &Notice::buttonClicked);
}

void Notice::buildFull() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, 0, Theme::cardPadding, 0);
  column->setSpacing(Theme::grid);
  column->addStretch(5);
  column->addWidget(m_icon, 0, Qt::AlignHCenter);
  column->addSpacing(2 * Theme::grid);
  for (QLabel* label : {m_title, m_sentence, m_detail}) {
    label->setAlignment(Qt::AlignHCenter);
    column->addWidget(label);
  }
  column->addSpacing(2 * Theme::grid);
  column->addWidget(m_button, 0, Qt::AlignHCenter);
  column->addStretch(6);
}

void Notice::buildCompact() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(3 * Theme::grid, 2 * Theme::grid, 2 * Theme::grid, 2 * Theme::grid + 1);
  column->setSpacing(2);
  auto* head = new QHBoxLayout;
  head->setSpacing(2 * Theme::grid);
  head->addWidget(m_icon);
  head->addWidget(m_title, 1);
  head->addWidget(m_button);
  column->addLayout(head);
  column->addWidget(m_sentence);
  column->addWidget(m_detail);
}

void Notice::setText(const Text& text) {
  if (text.icon != m_text.icon || text.colour != m_text.colour) {
    const int size = m_form == Form::Full ? 30 : 16;
    m_icon->setPixmap(text.icon.isEmpty() ? QPixmap() : Theme::instance().icon(text.icon, text.colour).pixmap(QSize(size, size), devicePixelRatioF()));
  }
  m_text = text;
  const std::pair<QLabel*, const QString&> lines[] = {{m_title, text.title}, {m_sentence, text.sentence}, {m_detail, text.detail}};
  for (const auto& [label, words] : lines) {
    label->setText(words);
    label->setVisible(!words.isEmpty());
  }
  m_button->setText(text.button);
  m_button->setVisible(!text.button.isEmpty());
  m_button->setAccessibleDescription(text.title);
  setAccessibleName(text.title);
  setAccessibleDescription(text.sentence + QLatin1Char(' ') + text.detail);
  update();
}

void Notice::paintEvent(QPaintEvent*) {
  if (m_form == Form::Full) return;
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(withAlpha(m_text.colour, 130), 1));
  painter.setBrush(withAlpha(p.raised, 238));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

}  // namespace cachedeck
