// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/consentpanel.h"

#include "core/base/text.h"
#include "ui/keys/commandline.h"
#include "ui/keys/wraplabel.h"
#include "ui/widgets/notice.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyle>

namespace cachedeck {

ConsentPanel::ConsentPanel(QWidget* parent) : Card(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Confirmation"));
  m_title = new ElidedLabel(TextRole::PageTitle, 1);
  m_subtitle = new ElidedLabel(TextRole::Label, 2);
  m_notice = new Notice(Notice::Form::Full);
  m_stack = new QStackedWidget;
  m_stack->addWidget(m_notice);
  m_stack->addWidget(buildBody());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(Theme::grid);
  column->addWidget(m_title);
  column->addWidget(m_subtitle);
  column->addSpacing(4 * Theme::grid);
  column->addWidget(m_stack, 1);
  column->addWidget(buildFooter());
}

QWidget* ConsentPanel::buildBody() {
  auto* body = new QWidget;
  m_figures = new FigureGrid(6);
  m_explanation = wrapLabel(TextRole::Label, "secondary");
  m_command = new CommandLine(CommandLine::Form::Tall);
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(m_figures);
  column->addSpacing(2 * Theme::grid);
  column->addWidget(m_explanation);
  column->addSpacing(2 * Theme::grid);
  column->addWidget(plainLabel(tr("The same as a command"), TextRole::LabelStrong));
  column->addWidget(m_command);
  column->addStretch(1);
  return body;
}

QWidget* ConsentPanel::buildFooter() {
  auto* footer = new QWidget;
  m_message = wrapLabel(TextRole::Label, "critical");
  m_ask = plainLabel({}, TextRole::Label);
  m_typed = new QLineEdit;
  m_typed->setMinimumWidth(180);
  m_cancel = new QPushButton(tr("Cancel"));
  m_other = new QPushButton;
  m_go = new QPushButton;
  auto* row = new QHBoxLayout(footer);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_message, 1);
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_ask, m_typed, m_cancel, m_other, m_go}) row->addWidget(widget);
  for (QPushButton* const button : {m_cancel, m_other, m_go}) button->setAutoDefault(false);
  connect(m_cancel, &QPushButton::clicked, this, &ConsentPanel::cancelled);
  connect(m_other, &QPushButton::clicked, this, &ConsentPanel::otherWanted);
  connect(m_typed, &QLineEdit::textChanged, this, [this] {
    m_problem.clear();
    update();
  });
  connect(m_go, &QPushButton::clicked, this, [this] {
    if (m_sent) return;
    m_sent = true;  // a second click finds nothing to do
    update();
    Q_EMIT confirmed(m_typed->text());
  });
  return footer;
}

void ConsentPanel::begin(const QString& title, const QString& subtitle) {
  m_text = {};
  m_shown = m_sent = false;
  m_problem.clear();
  m_typed->clear();
  m_title->setText(title);
  m_subtitle->setText(subtitle);
  m_notice->setText({QStringLiteral("search"), Theme::instance().palette().info, tr("Looking at what there is to do…"), {}, {}, {}});
  m_stack->setCurrentIndex(0);
  update();
}

void ConsentPanel::show(const Text& text) {
  m_text = text;
  m_shown = true;
  m_title->setText(text.title);
  m_subtitle->setText(text.subtitle);
  m_figures->setFigures(text.figures);
  setTone(m_explanation, text.tone);
  m_explanation->setText(text.explanation);
  m_command->setCommand(text.command);
  m_go->setText(text.button);
  m_go->setProperty("kind", text.dangerous ? QStringLiteral("danger") : QStringLiteral("primary"));
  m_go->style()->unpolish(m_go);
  m_go->style()->polish(m_go);
  m_other->setText(text.other);
  m_stack->setCurrentIndex(1);
  update();
}

void ConsentPanel::showFailure(const Error& error) {
  m_shown = false;
  m_notice->setText({QStringLiteral("failed"), Theme::instance().palette().critical, tr("This cannot be done"), error.message, error.detail.left(500), {}});
  m_stack->setCurrentIndex(0);
  update();
}

void ConsentPanel::showProblem(const QString& problem) {
  m_sent = false;
  m_problem = problem;
  update();
}

void ConsentPanel::setLocked(const QString& why) {
  m_locked = why;
  update();
}

QString ConsentPanel::command() const { return m_command->command(); }

void ConsentPanel::update() {
  const QString problem = !m_text.stop.isEmpty() ? m_text.stop : !m_locked.isEmpty() ? m_locked : m_problem;
  const bool asks = m_shown && !m_text.phrase.isEmpty() && m_text.stop.isEmpty();
  m_ask->setVisible(asks);
  m_typed->setVisible(asks);
  m_ask->setText(tr("To confirm, type “%1”").arg(printable(m_text.phrase)));
  m_typed->setAccessibleName(m_ask->text());
  m_message->setText(m_shown ? problem : QString());
  m_other->setVisible(m_shown && !m_text.other.isEmpty());
  m_go->setVisible(m_shown);
  m_go->setEnabled(problem.isEmpty() && !m_sent && m_typed->text().simplified() == m_text.phrase.simplified());
}

void ConsentPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) Q_EMIT cancelled();
  else Card::keyPressEvent(event);
}

}  // namespace cachedeck
