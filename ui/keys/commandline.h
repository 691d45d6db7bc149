// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace cachedeck {

class ElidedLabel;

/// The `cachedeck` command that does the same as what is on show, to be copied: one line that is elided, or (tall) a field of some lines.
class CommandLine : public QWidget {
  Q_OBJECT
 public:
  enum class Form { Line, Tall };
  explicit CommandLine(Form form, QWidget* parent = nullptr);
  /// Empty hides it.
  void setCommand(const QString& command);
  QString command() const { return m_command; }
  /// A sentence below it; empty for none.
  void setNote(const QString& note, const char* tone = "secondary");
  /// Somebody else puts it on the clipboard, after something that has to be done first.
  void setCopiesLater(bool later) { m_later = later; }
  void copyNow();

 Q_SIGNALS:
  void copyWanted();

 private:
  const Form m_form;
  bool m_later = false;
  QString m_command;
  ElidedLabel* m_line = nullptr;
  QPlainTextEdit* m_text = nullptr;
  QLabel* m_note;
  QPushButton* m_copy;
};

}  // namespace cachedeck
