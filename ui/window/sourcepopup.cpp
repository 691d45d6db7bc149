// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sourcepopup.h"

#include "core/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/window/chiptext.h"

#include <QBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScreen>

namespace cachedeck {

namespace {

constexpr int popupWidth = 380;
constexpr qsizetype longestText = 2000;

QString identityText(const Identity& identity) {
  QStringList parts;
  for (const QString& part : {QString(identity.product + QLatin1Char(' ') + identity.version).trimmed(), identity.role, identity.endpoint})
    if (!part.isEmpty()) parts += printable(part);
  return parts.join(QStringLiteral(" · "));
}

QString lines(const QString& text) {
  QStringList shown;
  for (const QString& line : text.left(longestText).split(QLatin1Char('\n'))) shown += printable(line, longestText);
  return shown.join(QLatin1Char('\n'));
}

void say(QLabel* label, const QString& text) {
  if (label->text() != text) label->setText(text);
  label->setVisible(!text.isEmpty());
}

}  // namespace

SourcePopup::SourcePopup(QWidget* parent) : QFrame(parent, Qt::Popup) {
  setFixedWidth(popupWidth);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(2 * Theme::grid);
  m_title = plainLabel({}, TextRole::CardTitle);
  m_state = plainLabel({}, TextRole::Label, "secondary");
  m_identity = plainLabel({}, TextRole::Label, "secondary");
  m_error = plainLabel({}, TextRole::Label, "critical");
  m_detail = plainLabel({}, TextRole::Secondary, "secondary");
  m_notes = plainLabel({}, TextRole::Label, "warning");
  for (QLabel* const label : {m_title, m_identity, m_state, m_error, m_detail, m_notes}) {
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(label);
  }
  m_retry = new QPushButton(tr("Retry now"));
  column->addWidget(m_retry, 0, Qt::AlignLeft);
  connect(m_retry, &QPushButton::clicked, this, [this] {
    Q_EMIT retryRequested(m_id);
    close();
  });
}

void SourcePopup::setState(const QString& id, const QString& title, const SourceState& state, qint64 nowMs) {
  m_id = id;
  say(m_title, printable(title));
  say(m_identity, identityText(state.identity));
  say(m_state, stateSentence(state, nowMs));
  say(m_error, state.error ? lines(state.error->message) : QString());
  say(m_detail, state.error ? lines(state.error->detail) : QString());
  say(m_notes, lines(state.notes.join(QLatin1Char('\n'))));
  const bool canRetry = state.kind == SourceState::Kind::Failed || state.kind == SourceState::Kind::Stale;
  m_retry->setVisible(canRetry);
  layout()->activate();
  resize(popupWidth, layout()->heightForWidth(popupWidth));
}

void SourcePopup::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.fillRect(rect(), p.raised);
  painter.setPen(p.axis);
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void SourcePopup::openBelow(const QWidget* anchor) {
  const QRect room = anchor->screen()->availableGeometry();
  QPoint corner = anchor->mapToGlobal(QPoint(0, anchor->height() + Theme::grid));
  corner.setX(qMax(room.left(), qMin(corner.x(), room.right() - width())));
  move(corner);
  show();
  if (!m_retry->isHidden()) m_retry->setFocus();
}

}  // namespace cachedeck
