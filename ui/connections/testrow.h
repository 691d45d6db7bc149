// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/connections/connectiontest.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace cachedeck {

/// The button that tests one source, and the answer: who is there, or what went wrong.
class TestRow : public QWidget {
  Q_OBJECT
 public:
  explicit TestRow(QWidget* parent = nullptr);
  void showRunning();
  void showResult(const Result<TestOutcome>& result);
  /// The form changed: an old answer says nothing any more.
  void clear();
  bool isRunning() const { return m_running; }
  /// The answer's texts as shown, one a line.
  QString shown() const;

 Q_SIGNALS:
  void testRequested();
  void cancelRequested();

 private:
  void say(const QString& icon, const QColor& colour, const char* tone, const QString& text, const QString& detail, const QString& notes);

  bool m_running = false;
  QPushButton* m_button;
  QLabel* m_icon;
  QLabel* m_text;
  QLabel* m_detail;
  QLabel* m_notes;
};

}  // namespace cachedeck
