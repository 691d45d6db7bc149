// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/enginechoice.h"

#include "core/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>

namespace cachedeck {

EngineChoice::EngineChoice(QWidget* parent) : QWidget(parent) {
  m_own = new QPushButton(tr("Cachedeck"));
  m_own->setAccessibleName(tr("Cachedeck makes the load"));
  m_k6 = new QPushButton(tr("k6"));
  m_k6->setAccessibleName(tr("An installed k6 makes the load"));
  auto* group = new QButtonGroup(this);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(Theme::grid);
  for (QPushButton* const button : {m_own, m_k6}) {
    button->setCheckable(true);
    button->setAutoDefault(false);
    group->addButton(button);
    row->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, button] {
      m_wanted = button == m_k6;
      Q_EMIT changed();
    });
  }
  row->addSpacing(2 * Theme::grid);
  row->addWidget(plainLabel(tr("makes the load"), TextRole::Secondary, "secondary"), 1);
  refresh();
}

void EngineChoice::setHindrances(const QString& own, const QString& k6) {
  m_notOwn = own;
  m_notK6 = k6;
  refresh();
}

void EngineChoice::choose(bool k6) {
  m_wanted = k6;
  refresh();
}

bool EngineChoice::isK6() const { return !m_notOwn.isEmpty() || (m_wanted && m_notK6.isEmpty()); }

void EngineChoice::refresh() {
  (isK6() ? m_k6 : m_own)->setChecked(true);
  m_own->setEnabled(m_notOwn.isEmpty());
  m_k6->setEnabled(m_notK6.isEmpty());
  m_own->setToolTip(m_notOwn.isEmpty() ? plainTip(tr("Cachedeck's own engine: histograms, hits of each second, pause and level while it runs.")) : plainTip(m_notOwn));
  m_k6->setToolTip(m_notK6.isEmpty() ? plainTip(tr("The k6 that is installed on this machine. It leaves percentiles, but no histogram.")) : plainTip(m_notK6));
}

}  // namespace cachedeck
