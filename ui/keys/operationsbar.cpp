// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/operationsbar.h"

#include "core/base/text.h"
#include "ui/keys/keytext.h"
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
  connect(m_resume, &QPushButton::clicked, this, [this] { if (!m_open.isEmpty()) Q_EMIT resumeWanted(keys::OperationRow(m_open.first())); });
  connect(m_undo, &QPushButton::clicked, this, [this] { if (!m_open.isEmpty()) Q_EMIT undoWanted(keys::OperationRow(m_open.first())); });
  connect(m_later, &QPushButton::clicked, this, [this] {
    if (!m_open.isEmpty()) m_put.insert(m_open.takeFirst().id);
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

void OperationsBar::setOperations(const QList<keys::OperationRow>& rows) {
  m_open.clear();
  for (const keys::OperationRow& row : rows)
    if (!row.ended && row.undos == 0 && !m_put.contains(row.id)) m_open.append(row);
  offer();
}

void OperationsBar::setBusy(bool busy) {
  m_busy = busy;
  offer();
}

void OperationsBar::showProblem(const QString& problem) {
  setTone(m_text, "critical");
  m_text->setText(problem);
  for (QPushButton* const button : {m_resume, m_undo}) button->setVisible(!m_open.isEmpty());
  show();
}

void OperationsBar::offer() {
  setVisible(!m_open.isEmpty() && !m_busy);
  if (m_open.isEmpty()) return;
  const keys::OperationRow& row = m_open.first();
  m_resume->show();
  m_undo->show();
  setTone(m_text, "");
  QString text = tr("An operation of %1 did not come to its end: %2 for %3 (%4 keys planned).").arg(instantText(row.createdMs), printable(row.action), printable(row.selected, 120), countText(row.planned));
  if (m_open.size() > 1) text += QLatin1Char(' ') + tr("There are %1 more.").arg(m_open.size() - 1);
  m_text->setText(text);
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
