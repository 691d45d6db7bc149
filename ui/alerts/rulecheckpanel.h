// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/rule_check.h"
#include "core/base/worker.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace cachedeck {

/// Has promtool check a file of rules, of tests of rules, or a configuration, without any server.
class RuleCheckPanel : public QWidget {
  Q_OBJECT
 public:
  explicit RuleCheckPanel(QWidget* parent = nullptr);

  /// checked() follows.
  void check(const QString& file);
  QPushButton* againButton() const { return m_again; }
  QLabel* result() const { return m_result; }
  QPlainTextEdit* output() const { return m_output; }

 Q_SIGNALS:
  void checked(bool passed);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void askForFile();
  void show(const Result<RuleCheck>& check);

  QString m_file;
  QPushButton *m_choose, *m_again;
  QLabel *m_command, *m_result;
  QPlainTextEdit* m_output;
  Worker m_worker{QStringLiteral("promtool")};  // last: it calls back into what stands above
};

}  // namespace cachedeck
