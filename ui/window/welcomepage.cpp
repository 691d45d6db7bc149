// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/welcomepage.h"

#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/window/choicecard.h"

#include <QBoxLayout>
#include <QIcon>

namespace cachedeck {

namespace {

constexpr int columnWidth = 760;

/// One step with its mark: a dot while it runs, a tick once it is done.
QWidget* makeStep(const QString& text) {
  auto* line = new QWidget;
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2 * Theme::grid);
  auto* mark = new QLabel;
  mark->setObjectName(QStringLiteral("mark"));
  mark->setFixedSize(14, 14);
  row->addWidget(mark);
  row->addWidget(plainLabel(text, TextRole::Label), 1);
  return line;
}

void markStep(QWidget* line, const QString& icon, const QColor& colour) {
  auto* mark = line->findChild<QLabel*>(QStringLiteral("mark"));
  mark->setPixmap(Theme::instance().icon(icon, colour).pixmap(QSize(14, 14), mark->devicePixelRatioF()));
}

}  // namespace

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
  m_sandbox = new ChoiceCard(QStringLiteral("flask"), tr("Try the sandbox"),
                             tr("Starts a private Redis, PostgreSQL and Prometheus with sample traffic on this machine, "
                                "and removes them when you quit."));
  m_connection = new ChoiceCard(QStringLiteral("plug"), tr("New connection"),
                                tr("Watch your own servers: enter their addresses, test them, and keep them as a profile."));
  m_error = new Notice(Notice::Form::Compact);
  m_error->hide();
  auto* heading = plainLabel(tr("Welcome to Cachedeck"), TextRole::Kpi);
  auto* sentence = plainLabel(tr("See what your cache and your database do, and change it safely. Where do you want to begin?"),
                              TextRole::Label, "secondary");
  sentence->setWordWrap(true);
  auto* inner = new QWidget;
  inner->setMaximumWidth(columnWidth);
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::cardGap);
  column->addWidget(heading);
  column->addWidget(sentence);
  column->addSpacing(Theme::cardGap);
  auto* cards = new QHBoxLayout;
  cards->setSpacing(Theme::cardGap);
  cards->addWidget(m_sandbox);
  cards->addWidget(m_connection);
  column->addLayout(cards);
  column->addWidget(m_error);
  m_steps = new QVBoxLayout;
  m_steps->setSpacing(Theme::grid + 2);
  column->addSpacing(Theme::grid);
  column->addLayout(m_steps);
  auto* across = new QHBoxLayout;
  across->addStretch(1);
  across->addWidget(inner, 100);
  across->addStretch(1);
  auto* page = new QVBoxLayout(this);
  page->setContentsMargins(2 * Theme::pageMargin, 2 * Theme::pageMargin, 2 * Theme::pageMargin, 2 * Theme::pageMargin);
  page->addStretch(2);
  page->addLayout(across);
  page->addStretch(3);
  connect(m_sandbox, &QAbstractButton::clicked, this, &WelcomePage::trySandbox);
  connect(m_connection, &QAbstractButton::clicked, this, &WelcomePage::newConnection);
}

void WelcomePage::clearSteps() {
  while (QLayoutItem* const item = m_steps->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void WelcomePage::finishStep() {
  if (m_steps->count() == 0) return;
  markStep(m_steps->itemAt(m_steps->count() - 1)->widget(), QStringLiteral("check"), Theme::instance().palette().good);
}

void WelcomePage::addProgress(const QString& step) {
  m_error->hide();
  m_sandbox->setEnabled(false);
  m_connection->setEnabled(false);
  finishStep();
  QWidget* const line = makeStep(step);
  markStep(line, QStringLiteral("refresh"), Theme::instance().palette().info);
  m_steps->addWidget(line);
}

void WelcomePage::showError(const Error& error) {
  reset();
  m_error->setText({QStringLiteral("warning"), Theme::instance().palette().critical, tr("The sandbox did not start"),
                    error.message, error.detail, {}});
  m_error->show();
}

void WelcomePage::reset() {
  clearSteps();
  m_error->hide();
  m_sandbox->setEnabled(true);
  m_connection->setEnabled(true);
}

}  // namespace cachedeck
