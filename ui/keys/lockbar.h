// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;

namespace cachedeck {

/// The head of the page for a production profile: read-only until it is unlocked with a reason, then the time that is left.
class LockBar : public QFrame {
  Q_OBJECT
 public:
  explicit LockBar(QWidget* parent = nullptr);
  /// 0: locked.
  void setWritableFor(qint64 ms);
  void showProblem(const QString& problem);
  QString text() const;

 Q_SIGNALS:
  void unlockWanted(const QString& reason);
  void lockWanted();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void ask(bool asking);
  void update();
  qint64 m_leftMs = 0;
  bool m_asking = false;
  QLabel *m_icon, *m_text;
  QLineEdit* m_reason;
  QPushButton *m_unlock, *m_really, *m_cancel, *m_lock;
};

}  // namespace cachedeck
