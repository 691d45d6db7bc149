// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/lockbar.h"

#include "core/base/text.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/colour.h"

#include <QBoxLayout>
#include <QIcon>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>

namespace cachedeck {

LockBar::LockBar(QWidget* parent) : QFrame(parent) {
  m_icon = new QLabel;
  m_text = wrapLabel(TextRole::Label);
  m_reason = new QLineEdit;
  m_reason->setPlaceholderText(tr("Why? The journal keeps it."));
  m_reason->setAccessibleName(tr("Reason for unlocking"));
  m_reason->setMinimumWidth(220);
  m_reason->setMaxLength(500);
  m_unlock = new QPushButton(tr("Unlock…"));
  m_really = new QPushButton(tr("Unlock for 10 min"));
  m_cancel = new QPushButton(tr("Cancel"));
  m_lock = new QPushButton(tr("Lock now"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(Theme::cardGap, Theme::grid + 2, Theme::cardGap, Theme::grid + 2);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_icon);
  row->addWidget(m_text, 1);
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_reason, m_really, m_cancel, m_unlock, m_lock}) row->addWidget(widget);
  for (QPushButton* const button : {m_unlock, m_really, m_cancel, m_lock}) button->setAutoDefault(false);
  connect(m_unlock, &QPushButton::clicked, this, [this] { ask(true); });
  connect(m_cancel, &QPushButton::clicked, this, [this] { ask(false); });
  connect(m_really, &QPushButton::clicked, this, [this] {
    m_really->setEnabled(false);  // the journal is written first
    Q_EMIT unlockWanted(m_reason->text());
  });
  connect(m_reason, &QLineEdit::textChanged, this, &LockBar::update);
  connect(m_lock, &QPushButton::clicked, this, &LockBar::lockWanted);
  connect(&Theme::instance(), &Theme::changed, this, &LockBar::update);
  update();
}

QString LockBar::text() const { return m_text->text(); }

void LockBar::setWritableFor(qint64 ms) {
  if (m_leftMs == 0 && ms > 0) ask(false);
  m_leftMs = ms;
  update();
}

void LockBar::ask(bool asking) {
  m_asking = asking;
  m_reason->clear();
  update();
  if (asking) m_reason->setFocus();
}

void LockBar::showProblem(const QString& problem) {
  m_really->setEnabled(true);
  setTone(m_text, "critical");
  m_text->setText(problem);
}

void LockBar::update() {
  const bool locked = m_leftMs == 0;
  const Palette& p = Theme::instance().palette();
  const qint64 seconds = m_leftMs / 1000;
  setTone(m_text, locked ? "" : "warning");
  m_text->setText(locked && m_asking ? tr("Unlocking is written to the journal. A command unlocks for itself alone: --unlock %1").arg(shellWord(m_reason->text().trimmed().isEmpty() ? tr("why") : m_reason->text().trimmed()))
                  : locked ? tr("Production profile: read-only. Nothing is changed before you unlock it.")
                         : tr("Unlocked: changes are possible for %1:%2.").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0')));
  m_icon->setPixmap(Theme::instance().icon(locked ? QStringLiteral("lock") : QStringLiteral("warning"), locked ? p.text2 : p.warning).pixmap(QSize(16, 16), devicePixelRatioF()));
  m_reason->setVisible(locked && m_asking);
  m_really->setVisible(locked && m_asking);
  m_really->setEnabled(m_reason->text().trimmed().size() >= 3);
  m_cancel->setVisible(locked && m_asking);
  m_unlock->setVisible(locked && !m_asking);
  m_lock->setVisible(!locked);
  QFrame::update();
}

void LockBar::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor colour = m_leftMs == 0 ? p.axis : p.warning;
  painter.setPen(QPen(withAlpha(colour, m_leftMs == 0 ? 255 : 150), 1));
  painter.setBrush(m_leftMs == 0 ? p.card : mixed(p.card, colour, 0.10));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
}

}  // namespace cachedeck
