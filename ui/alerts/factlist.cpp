// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/factlist.h"

#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"

#include <QGridLayout>

namespace cachedeck {

FactList::FactList(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(4 * Theme::grid);
  m_grid->setVerticalSpacing(Theme::grid);
  m_grid->setColumnMinimumWidth(0, 96);
  m_grid->setColumnStretch(1, 1);
}

void FactList::setFacts(const Facts& facts) {
  setVisible(!facts.isEmpty());
  if (facts == m_facts) return;
  m_facts = facts;
  while (QLayoutItem* const item = m_grid->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  for (int row = 0; row < static_cast<int>(facts.size()); ++row) {
    QLabel* const name = plainLabel(facts[row].first, TextRole::Label, "quiet");
    QLabel* const text = wrapLabel(TextRole::Label);
    text->setText(facts[row].second);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setAccessibleName(facts[row].first);
    m_grid->addWidget(name, row, 0, Qt::AlignTop);
    m_grid->addWidget(text, row, 1);
  }
}

}  // namespace cachedeck
