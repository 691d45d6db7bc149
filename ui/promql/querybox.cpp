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

QueryBox::QueryBox(QWidget* parent) : QPlainTextEdit(parent), m_words(new QStringListModel(this)), m_completer(new QCompleter(this)) {
  setAccessibleName(tr("Query"));
  setPlaceholderText(tr("PromQL, for example rate(redis_commands_processed_total[1m]) – Ctrl+Enter runs it"));
  setTabChangesFocus(true);
  setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 13px; padding: 6px 8px; } QPlainTextEdit:focus { padding: 5px 7px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
  m_completer->setModel(m_words);
  m_completer->setWidget(this);
  m_completer->setCaseSensitivity(Qt::CaseInsensitive);
  m_completer->setFilterMode(Qt::MatchContains);
  m_completer->setMaxVisibleItems(10);
  m_completer->popup()->setStyleSheet(QStringLiteral("QListView { border-radius: 0; padding: 2px; }"));
  connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &QueryBox::insert);
  connect(this, &QPlainTextEdit::textChanged, this, [this] { markError(std::nullopt); });
  setNames({});
}

void QueryBox::setNames(const QStringList& names) { m_words->setStringList(names + promqlWords()); }

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

void QueryBox::keyPressEvent(QKeyEvent* event) {
  const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (m_completer->popup()->isVisible() && (event->key() == Qt::Key_Escape || event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab || (isEnter && !event->modifiers()))) {
    event->ignore();  // the list takes them
    return;
  }
  if (isEnter && (event->modifiers() & Qt::ControlModifier)) {
    m_completer->popup()->hide();
    Q_EMIT runRequested();
    return;
  }
  const bool asked = event->key() == Qt::Key_Space && (event->modifiers() & Qt::ControlModifier);
  if (!asked) QPlainTextEdit::keyPressEvent(event);
  const bool wrote = !event->text().isEmpty() && event->text().at(0).isPrint();
  const bool erased = event->key() == Qt::Key_Backspace && m_completer->popup()->isVisible();
  if (asked || wrote || erased) complete(asked);
}

void QueryBox::complete(bool asked) {
  const QString query = toPlainText();
  const TextPart part = nameBefore(query, textCursor().position());
  const QString begun = query.mid(part.from, part.length);
  if (begun.size() < (asked ? 0 : fewestLetters) || (begun.isEmpty() && !asked)) return m_completer->popup()->hide();
  m_completer->setCompletionPrefix(begun);
  if (m_completer->completionCount() == 0 || (m_completer->completionCount() == 1 && m_completer->currentCompletion() == begun)) return m_completer->popup()->hide();
  QAbstractItemView* list = m_completer->popup();
  list->setCurrentIndex(m_completer->completionModel()->index(0, 0));
  QRect at = cursorRect();
  at.translate(viewport()->pos());
  at.setWidth(widest);
  m_completer->complete(at);
}

void QueryBox::insert(const QString& word) {
  const TextPart part = nameBefore(toPlainText(), textCursor().position());
  QTextCursor cursor = textCursor();
  cursor.setPosition(part.from);
  cursor.setPosition(part.from + part.length, QTextCursor::KeepAnchor);
  cursor.insertText(word);
  setTextCursor(cursor);
}

}  // namespace cachedeck
