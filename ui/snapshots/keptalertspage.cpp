// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/keptalertspage.h"

#include "core/base/instants.h"
#include "ui/snapshots/facttables.h"
#include "ui/snapshots/keptalerts.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QLabel>
#include <QVBoxLayout>

namespace cachedeck {

KeptAlertsPage::KeptAlertsPage(QWidget* parent) : QWidget(parent) {
  m_when = plainLabel({}, TextRole::Label, "secondary");
  m_tables = new FactTables;
  m_nothing = new Notice(Notice::Form::Full);
  m_card = new Card;
  auto* head = new QVBoxLayout;
  head->setContentsMargins(16, 0, 16, 0);
  head->setSpacing(2);
  head->addWidget(plainLabel(tr("Alerts of the snapshot"), TextRole::CardTitle));
  head->addWidget(m_when);
  auto* body = new QVBoxLayout(m_card);
  body->setContentsMargins(2, 14, 2, 8);
  body->setSpacing(2 * Theme::grid);
  body->addLayout(head);
  body->addWidget(m_tables, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  column->addWidget(m_nothing);
  column->addWidget(m_card);
}

void KeptAlertsPage::setSnapshot(const snapshot::Snapshot& snapshot) {
  const QList<snapshot::FactTable> tables = keptAlertTables(snapshot);
  m_when->setText(tr("As Prometheus and Alertmanager told them at %1. When they were firing is marked on the charts.").arg(instantText(snapshot.takenMs)));
  m_nothing->setText({QStringLiteral("bell"), Theme::instance().palette().text3, tr("No alerts in this snapshot"), tr("It was taken without a Prometheus and an Alertmanager, or they did not answer."), {}, {}});
  m_tables->setTables(tables);
  m_card->setVisible(!tables.isEmpty());
  m_nothing->setVisible(tables.isEmpty());
}

}  // namespace cachedeck
