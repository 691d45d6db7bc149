// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/namespanel.h"

#include "core/keys/inspect.h"
#include "core/keys/sql_names.h"
#include "ui/keys/wraplabel.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QComboBox>
#include <QCoreApplication>
#include <QFileDialog>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qsizetype mostTyped = 1 << 20;  // characters of a list; more belongs into a file

QPlainTextEdit* editor(const QString& name, const QString& placeholder) {
  auto* made = new QPlainTextEdit;
  made->setAccessibleName(name);
  made->setPlaceholderText(placeholder);
  made->setTabChangesFocus(true);
  made->setLineWrapMode(QPlainTextEdit::NoWrap);
  made->setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 12px; padding: 6px 8px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
  return made;
}

QLabel* hint(const QString& text) {
  QLabel* const label = wrapLabel(TextRole::Label, "secondary");
  label->setText(text);
  return label;
}

Result<QList<QByteArray>> namesIn(const QString& text) {
  if (text.size() > mostTyped) return fail(Error::Kind::Usage, NamesPanel::tr("This list is too long to be pasted. Put it into a file."));
  QList<QByteArray> names;
  int number = 0;
  for (QString line : text.split(QLatin1Char('\n'))) {
    ++number;
    if (line.endsWith(QLatin1Char('\r'))) line.chop(1);
    if (line.isEmpty()) continue;
    if (line.size() >= 2 && line.startsWith(QLatin1Char('"')) && line.endsWith(QLatin1Char('"'))) line = line.mid(1, line.size() - 2);
    Result<QByteArray> name = fromEscaped(line);
    if (!name) return fail(Error::Kind::Usage, NamesPanel::tr("Line %1: %2").arg(number).arg(name.error().message));
    names.append(std::move(*name));
  }
  if (names.isEmpty()) return fail(Error::Kind::Usage, NamesPanel::tr("Name at least one key."));
  return names;
}

}  // namespace

NamesPanel::NamesPanel(QWidget* parent) : Card(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Keys by name"));
  m_pages = new QStackedWidget;
  m_pages->addWidget(buildList());
  m_pages->addWidget(buildFile());
  m_pages->addWidget(buildQuery());
  m_kind = new QComboBox;
  m_kind->setAccessibleName(tr("Action"));
  for (const ActionInfo& info : actionCatalog()) m_kind->addItem(QCoreApplication::translate("keys", info.title), static_cast<int>(info.kind));
  m_message = wrapLabel(TextRole::Label, "critical");
  m_cancel = new QPushButton(tr("Cancel"));
  m_plan = new QPushButton(tr("Make a plan"));
  m_plan->setProperty("kind", QStringLiteral("primary"));
  for (QPushButton* const button : {m_cancel, m_plan}) button->setAutoDefault(false);
  auto* footer = new QHBoxLayout;
  footer->setSpacing(2 * Theme::grid);
  footer->addWidget(m_message, 1);
  footer->addWidget(plainLabel(tr("What to do with them"), TextRole::Label, "secondary"));
  footer->addWidget(m_kind);
  footer->addWidget(m_cancel);
  footer->addWidget(m_plan);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(Theme::cardGap);
  column->addWidget(plainLabel(tr("Keys by name"), TextRole::PageTitle));
  column->addWidget(buildSwitch());
  column->addWidget(m_pages, 1);
  column->addLayout(footer);
  connect(m_cancel, &QPushButton::clicked, this, &NamesPanel::cancelled);
  connect(m_plan, &QPushButton::clicked, this, &NamesPanel::planWanted);
  for (QPlainTextEdit* const edit : {m_names, m_query}) connect(edit, &QPlainTextEdit::textChanged, this, &NamesPanel::update);
  for (QLineEdit* const edit : {m_file, m_form}) connect(edit, &QLineEdit::textChanged, this, &NamesPanel::update);
}

QWidget* NamesPanel::buildSwitch() {
  auto* bar = new QWidget;
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  m_from = new QButtonGroup(this);
  const std::pair<From, QString> ways[] = {{From::List, tr("A list")}, {From::File, tr("A file")}, {From::Query, tr("A query")}};
  for (const auto& [from, text] : ways) {
    auto* button = new QPushButton(text);
    button->setCheckable(true);
    button->setAutoDefault(false);
    m_from->addButton(button, static_cast<int>(from));
    row->addWidget(button);
  }
  row->addStretch(1);
  connect(m_from, &QButtonGroup::idClicked, this, &NamesPanel::choose);
  return bar;
}

QWidget* NamesPanel::buildList() {
  auto* page = new QWidget;
  m_names = editor(tr("Names of keys"), QStringLiteral("session:81723\nreport:daily:2026-11-23"));
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(hint(tr("One name a line, exactly: * and [ are characters like any others. What cannot be typed is written \\xNN, \\n, \\\", \\\\.")));
  column->addWidget(m_names, 1);
  return page;
}

QWidget* NamesPanel::buildFile() {
  auto* page = new QWidget;
  m_file = new QLineEdit;
  m_file->setAccessibleName(tr("File with names"));
  m_file->setPlaceholderText(tr("/path/to/names.txt"));
  auto* open = new QPushButton(tr("Choose…"));
  open->setAutoDefault(false);
  auto* row = new QHBoxLayout;
  row->addWidget(m_file, 1);
  row->addWidget(open);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(hint(tr("A file on this machine with one name a line, as redis-cli --scan writes them; \\xNN, \\n, \\\" and \\\\ stand for what cannot be typed.")));
  column->addLayout(row);
  column->addStretch(1);
  connect(open, &QPushButton::clicked, this, &NamesPanel::browse);
  return page;
}

QWidget* NamesPanel::buildQuery() {
  auto* page = new QWidget;
  m_query = editor(tr("Query"), QStringLiteral("SELECT id FROM products WHERE updated_at > now() - interval '1 hour'"));
  m_query->setLineWrapMode(QPlainTextEdit::WidgetWidth);
  m_form = new QLineEdit;
  m_form->setAccessibleName(tr("Template of a name"));
  m_form->setPlaceholderText(QStringLiteral("product:{id}"));
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(hint(tr("The profile's PostgreSQL is asked, in a transaction that only reads. Each row stands for one key.")));
  column->addWidget(m_query, 1);
  column->addWidget(plainLabel(tr("Name of a key, with the query's columns in braces"), TextRole::Label, "secondary"));
  column->addWidget(m_form);
  return page;
}

void NamesPanel::begin(const KeysTarget& target, From from) {
  m_hasPostgres = target.postgres.has_value();
  m_from->button(static_cast<int>(from))->setChecked(true);
  choose(static_cast<int>(from));
}

void NamesPanel::choose(int from) {
  m_pages->setCurrentIndex(from);
  QWidget* const fields[] = {m_names, m_file, m_query};
  fields[from]->setFocus();
  update();
}

NamesPanel::From NamesPanel::from() const { return static_cast<From>(std::max(0, m_from->checkedId())); }
ActionKind NamesPanel::kind() const { return static_cast<ActionKind>(m_kind->currentData().toInt()); }

Result<KeyScope> NamesPanel::scope() const {
  if (from() == From::List) {
    const Result<QList<QByteArray>> names = namesIn(m_names->toPlainText());
    return names ? Result<KeyScope>(listScope(*names)) : Result<KeyScope>(names.error());
  }
  if (from() == From::File) {
    if (m_file->text().trimmed().isEmpty()) return fail(Error::Kind::Usage, tr("Name a file."));
    return fileScope(m_file->text().trimmed());
  }
  if (!m_hasPostgres) return fail(Error::Kind::Usage, tr("This profile has no PostgreSQL to ask. Add one under Connections."));
  if (m_query->toPlainText().trimmed().isEmpty()) return fail(Error::Kind::Usage, tr("Write a query."));
  if (const Result<KeyTemplate> form = KeyTemplate::parse(m_form->text().trimmed()); !form) return form.error();
  return queryScope(m_query->toPlainText().trimmed(), m_form->text().trimmed());
}

// While nothing was typed nothing is wrong yet.
void NamesPanel::update() {
  const bool empty = (from() == From::List && m_names->document()->isEmpty()) || (from() == From::File && m_file->text().isEmpty()) ||
                     (from() == From::Query && m_hasPostgres && (m_query->document()->isEmpty() || m_form->text().isEmpty()));
  const Result<KeyScope> read = empty ? Result<KeyScope>(fail(Error::Kind::Usage, QString())) : scope();
  setTone(m_message, read ? "secondary" : "critical");
  m_message->setText(!read ? read.error().message : from() == From::List ? read->title() : QString());
  m_plan->setEnabled(read.ok());
}

void NamesPanel::browse() {
  auto* dialog = new QFileDialog(this, tr("Names of keys"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, m_file, &QLineEdit::setText);
  dialog->open();
}

void NamesPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) Q_EMIT cancelled();
  else Card::keyPressEvent(event);
}

}  // namespace cachedeck
