// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keysactions.h"

#include <QFrame>
#include <QSet>

class QLabel;
class QPushButton;

namespace cachedeck {

/// Offers the newest operation of this server that was interrupted, or whose undo was; nothing is resumed by itself.
class OperationsBar : public QFrame {
  Q_OBJECT
 public:
  explicit OperationsBar(QWidget* parent = nullptr);
  void setOperations(const QList<OperationState>& operations);
  /// While something else is under way.
  void setBusy(bool busy);
  void showProblem(const QString& problem);
  QString text() const;

 Q_SIGNALS:
  void resumeWanted(const cachedeck::keys::OperationRow& row);
  void undoWanted(const cachedeck::keys::OperationRow& row);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void offer();
  void recolour();
  QList<OperationState> m_open;
  QSet<QString> m_put;  // aside, until the page is opened again
  bool m_busy = false;
  QLabel *m_icon, *m_text;
  QPushButton *m_resume, *m_undo, *m_later;
};

}  // namespace cachedeck
