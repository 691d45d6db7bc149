// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/operationsbar.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/colour.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QIcon>
#include <QPainter>
#include <QPushButton>

namespace cachedeck {

OperationsBar::OperationsBar(QWidget* parent) : QFrame(parent) {
  m_icon = new QLabel;
  m_text = wrapLabel(TextRole::Label);
  m_resume = new QPushButton(tr("Resume"));
  m_undo = new QPushButton(tr("Undo"));
  m_later = new QPushButton(tr("Later"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(Theme::cardGap, Theme::grid + 2, Theme::cardGap, Theme::grid + 2);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_icon);
  row->addWidget(m_text, 1);
  for (QPushButton* const button : {m_resume, m_undo, m_later}) {
    button->setAutoDefault(false);
    row->addWidget(button);
  }
  connect(m_resume, &QPushButton::clicked, this, [this] { if (!m_open.isEmpty()) Q_EMIT resumeWanted(keys::OperationRow(m_open.first().row)); });
  connect(m_undo, &QPushButton::clicked, this, [this] { if (!m_open.isEmpty()) Q_EMIT undoWanted(keys::OperationRow(m_open.first().row)); });
  connect(m_later, &QPushButton::clicked, this, [this] {
    if (!m_open.isEmpty()) m_put.insert(m_open.takeFirst().row.id);
    offer();
  });
  connect(&Theme::instance(), &Theme::changed, this, &OperationsBar::recolour);
  recolour();
  hide();
}

void OperationsBar::recolour() {
  m_icon->setPixmap(Theme::instance().icon(QStringLiteral("warning"), Theme::instance().palette().warning).pixmap(QSize(16, 16), devicePixelRatioF()));
  update();
}

QString OperationsBar::text() const { return m_text->text(); }

void OperationsBar::setOperations(const QList<OperationState>& operations) {
  m_open.clear();
  for (const OperationState& one : operations)
    if ((one.undoIsOpen() || (!one.row.ended && !one.row.undone)) && !m_put.contains(one.row.id)) m_open.append(one);
  offer();
}

void OperationsBar::setBusy(bool busy) {
  m_busy = busy;
  offer();
}

void OperationsBar::showProblem(const QString& problem) {
  setTone(m_text, "critical");
  m_text->setText(problem);
  for (QPushButton* const button : {m_resume, m_undo, m_later}) button->setVisible(!m_open.isEmpty());
  show();
}

void OperationsBar::offer() {
  setVisible(!m_open.isEmpty() && !m_busy);
  if (m_open.isEmpty()) return;
  const OperationState& one = m_open.first();
  const keys::OperationRow& row = one.row;
  m_resume->setVisible(!one.undoIsOpen());
  m_resume->setEnabled(row.resumable);
  m_resume->setToolTip(row.resumable ? QString() : tr("The list of its keys is not there any more."));
  m_undo->show();
  setTone(m_text, "");
  const QString what = tr("%1 for %2").arg(printable(row.action), printable(row.selected, 120));
  QString text = one.undoIsOpen() ? tr("The undo of an operation of %1 did not come to its end: %2. %3 of %4 keys are settled, %5 remain.")
                                        .arg(instantText(row.createdMs), what, countText(one.undoSettled), countText(one.undoImages), countText(one.undoRemaining()))
                                  : tr("An operation of %1 did not come to its end: %2 (%3 keys planned).").arg(instantText(row.createdMs), what, countText(row.planned));
  if (m_open.size() > 1) text += QLatin1Char(' ') + tr("There are %1 more.").arg(m_open.size() - 1);
  m_text->setText(text);
  m_undo->setText(one.undoIsOpen() ? tr("Undo the rest") : tr("Undo"));
  m_undo->setEnabled(row.undoable);
  m_undo->setToolTip(row.undoable ? QString() : tr("It was made without undo: no images were kept."));
}

void OperationsBar::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(withAlpha(p.warning, 150), 1));
  painter.setBrush(mixed(p.card, p.warning, 0.08));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
}

}  // namespace cachedeck
