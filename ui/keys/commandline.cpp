// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/commandline.h"

#include "core/base/text.h"
#include "ui/keys/wraplabel.h"
#include "ui/window/tinted.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>

namespace cachedeck {

namespace {

constexpr int tallHeight = 66;

}  // namespace

CommandLine::CommandLine(Form form, QWidget* parent) : QWidget(parent), m_form(form) {
  m_copy = new QPushButton;
  keepIcon(m_copy, QStringLiteral("copy"), &Palette::text2);
  m_copy->setProperty("kind", QStringLiteral("quiet"));
  m_copy->setStyleSheet(QStringLiteral("QPushButton { padding: 4px 7px; } QPushButton:focus { padding: 3px 6px; }"));
  m_copy->setAutoDefault(false);
  m_copy->setToolTip(plainTip(tr("Copy the command")));
  m_copy->setAccessibleName(tr("Copy the command"));
  m_note = wrapLabel(TextRole::Secondary, "secondary");
  m_note->hide();
  auto* row = new QHBoxLayout;
  row->setSpacing(Theme::grid);
  if (m_form == Form::Line) {
    m_line = new ElidedLabel(TextRole::Secondary, 3);
    row->addWidget(m_line, 1);
    row->addWidget(m_copy);
  } else {
    m_text = new QPlainTextEdit;
    m_text->setReadOnly(true);
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("The same as a command"));
    m_text->setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 11px; padding: 4px 6px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
    m_text->setFixedHeight(tallHeight);
    row->addWidget(m_text, 1);
    row->addWidget(m_copy, 0, Qt::AlignTop);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::grid);
  column->addLayout(row);
  column->addWidget(m_note);
  connect(m_copy, &QPushButton::clicked, this, [this] {
    if (m_later) Q_EMIT copyWanted();
    else copyNow();
  });
}

void CommandLine::setCommand(const QString& command) {
  setVisible(!command.isEmpty());
  if (command == m_command) return;
  m_command = command;
  if (m_text) m_text->setPlainText(command);
  else m_line->setText(command);
}

void CommandLine::setNote(const QString& note, const char* tone) {
  setTone(m_note, tone);
  m_note->setText(note);
  m_note->setVisible(!note.isEmpty());
}

void CommandLine::copyNow() { QGuiApplication::clipboard()->setText(m_command); }

}  // namespace cachedeck
