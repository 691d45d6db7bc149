// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/querybox.h"

#include "ui/promql/promqltext.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QScrollBar>
#include <QStringListModel>

namespace cachedeck {

namespace {

constexpr int fewestLetters = 2, widest = 560;

}  // namespace

QueryBox::QueryBox(QWidget* parent) : QPlainTextEdit(parent), m_names(new QStringListModel(this)), m_words(new QStringListModel(this)), m_completer(new QCompleter(this)) {
  setAccessibleName(tr("Query"));
  setPlaceholderText(tr("PromQL, for example rate(redis_commands_processed_total[1m]) – Ctrl+Enter runs it"));
  setTabChangesFocus(true);
  setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 13px; padding: 6px 8px; } QPlainTextEdit:focus { padding: 5px 7px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
  m_completer->setModel(m_names);
  m_completer->setWidget(this);
  m_completer->setCaseSensitivity(Qt::CaseInsensitive);
  m_completer->setFilterMode(Qt::MatchContains);
  m_completer->setMaxVisibleItems(10);
  m_completer->popup()->setStyleSheet(QStringLiteral("QListView { border-radius: 0; padding: 2px; }"));
  connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &QueryBox::insert);
  connect(this, &QPlainTextEdit::textChanged, this, [this] { markError(std::nullopt); });
  setNames({});
}

void QueryBox::setNames(const QStringList& names) { m_names->setStringList(names + promqlWords()); }

void QueryBox::markError(std::optional<int> position) {
  QList<QTextEdit::ExtraSelection> marks;
  const TextPart part = position ? partAt(toPlainText(), *position) : TextPart{};
  if (part.length > 0) {
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(document());
    mark.cursor.setPosition(part.from);
    mark.cursor.setPosition(part.from + part.length, QTextCursor::KeepAnchor);
    QColor surface = Theme::instance().palette().critical;
    surface.setAlpha(70);
    mark.format.setBackground(surface);
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(Theme::instance().palette().critical);
    marks << mark;
  }
  if (marks.isEmpty() && extraSelections().isEmpty()) return;
  setExtraSelections(marks);
}

void QueryBox::focusInEvent(QFocusEvent* event) {
  m_completer->setWidget(this);
  QPlainTextEdit::focusInEvent(event);
}

void QueryBox::focusOutEvent(QFocusEvent* event) {
  if (event->reason() != Qt::PopupFocusReason) m_asked.reset();  // an answer would open its list over another place
  QPlainTextEdit::focusOutEvent(event);
}

void QueryBox::keyPressEvent(QKeyEvent* event) {
  const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (m_completer->popup()->isVisible() && (event->key() == Qt::Key_Escape || event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab || (isEnter && !event->modifiers()))) {
    event->ignore();  // the list takes them
    return;
  }
  if (isEnter && (event->modifiers() & Qt::ControlModifier)) {
    m_completer->popup()->hide();
    m_asked.reset();  // what comes late would cover the answer
    Q_EMIT runRequested();
    return;
  }
  const bool asked = event->key() == Qt::Key_Space && (event->modifiers() & Qt::ControlModifier);
  if (!asked) QPlainTextEdit::keyPressEvent(event);
  const bool wrote = !event->text().isEmpty() && event->text().at(0).isPrint();
  const bool erased = event->key() == Qt::Key_Backspace && m_completer->popup()->isVisible();
  if (asked || wrote || erased) complete(asked);
}

QueryPlace QueryBox::place() const { return queryPlace(toPlainText(), textCursor().position()); }

void QueryBox::complete(bool asked) {
  using Kind = QueryPlace::Kind;
  const QueryPlace here = place();
  const bool isName = here.kind == Kind::Name;
  const bool isNew = m_asked != here.question;
  if (here.kind == Kind::None || (isName && !asked && here.begun.length < fewestLetters)) {
    m_asked.reset();
    return m_completer->popup()->hide();
  }
  if (isName) {
    m_asked.reset();
    return offer(m_names, toPlainText().mid(here.begun.from, here.begun.length));
  }
  if (isNew) m_completer->popup()->hide();  // what it shows belongs elsewhere
  m_asked = here.question;
  Q_EMIT wordsWanted(here.question);
}

void QueryBox::setWords(const LabelQuestion& question, const QStringList& words) {
  const QueryPlace here = place();
  if (m_asked != question || here.question != question || (here.kind != QueryPlace::Kind::Label && here.kind != QueryPlace::Kind::Value)) return;
  QStringList fitting;
  for (const QString& word : words)
    if (!here.taken.contains(word) && !(here.quote == QLatin1Char('`') && word.contains(here.quote))) fitting << word;
  if (m_words->stringList() != fitting) m_words->setStringList(fitting);
  offer(m_words, plainValue(toPlainText().mid(here.begun.from, here.begun.length), here));
}

void QueryBox::offer(QStringListModel* words, const QString& begun) {
  if (m_completer->model() != words) m_completer->setModel(words);
  m_completer->setCompletionPrefix(begun);
  QAbstractItemView* const list = m_completer->popup();
  if (m_completer->completionCount() == 0 || (m_completer->completionCount() == 1 && m_completer->currentCompletion() == begun)) return list->hide();
  // The one that begins so is rather meant than one that has it somewhere.
  const QAbstractItemModel* const found = m_completer->completionModel();
  const QModelIndexList beginning = found->match(found->index(0, 0), Qt::DisplayRole, begun, 1, Qt::MatchStartsWith);
  list->setCurrentIndex(beginning.isEmpty() ? found->index(0, 0) : beginning.first());
  QRect at = cursorRect();
  at.translate(viewport()->pos());
  at.setWidth(widest);
  m_completer->complete(at);
}

void QueryBox::insert(const QString& word) {
  const QueryPlace here = place();
  QTextCursor cursor = textCursor();
  cursor.setPosition(here.begun.from);
  cursor.setPosition(here.begun.from + here.begun.length, QTextCursor::KeepAnchor);
  if (here.kind == QueryPlace::Kind::Value) cursor.insertText(writtenValue(word, here) + (here.isClosed ? QString() : QString(here.quote)));
  else cursor.insertText(word);
  setTextCursor(cursor);
}

}  // namespace cachedeck
