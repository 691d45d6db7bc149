// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/promql/queryplace.h"

#include <QPlainTextEdit>

#include <optional>

class QCompleter;
class QStringListModel;

namespace cachedeck {

/// Where a query is written: completes names, labels and their values within the expression and marks where the server could not read on.
class QueryBox : public QPlainTextEdit {
  Q_OBJECT
 public:
  explicit QueryBox(QWidget* parent = nullptr);
  /// Names of metrics; functions are known.
  void setNames(const QStringList& names);
  /// The answer to wordsWanted(); shown when the place is still the same.
  void setWords(const LabelQuestion& question, const QStringList& words);
  /// None: nothing is marked. Writing takes the mark away.
  void markError(std::optional<int> position);
  bool hasMark() const { return !extraSelections().isEmpty(); }
  QCompleter* completer() const { return m_completer; }

 Q_SIGNALS:
  void runRequested();
  /// Labels or values, for completion.
  void wordsWanted(const cachedeck::LabelQuestion& question);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void complete(bool asked);
  void offer(QStringListModel* words, const QString& begun);
  void insert(const QString& word);
  QueryPlace place() const;

  QStringListModel *m_names, *m_words;
  std::optional<LabelQuestion> m_asked;  ///< what `m_words` are, or will be
  QCompleter* m_completer;
};

}  // namespace cachedeck
