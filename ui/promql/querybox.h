// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

#include <optional>

class QCompleter;
class QStringListModel;

namespace cachedeck {

/// Where a query is written: completes names within the expression and marks where the server could not read on.
class QueryBox : public QPlainTextEdit {
  Q_OBJECT
 public:
  explicit QueryBox(QWidget* parent = nullptr);
  /// Names of metrics; functions are known.
  void setNames(const QStringList& names);
  /// None: nothing is marked. Writing takes the mark away.
  void markError(std::optional<int> position);
  bool hasMark() const { return !extraSelections().isEmpty(); }
  QCompleter* completer() const { return m_completer; }

 Q_SIGNALS:
  void runRequested();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;

 private:
  void complete(bool asked);
  void insert(const QString& word);

  QStringListModel* m_words;
  QCompleter* m_completer;
};

}  // namespace cachedeck
