// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alert_trial.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;

namespace cachedeck {

/// Sends a test alert and shows how far it came.
class TrialPanel : public QWidget {
  Q_OBJECT
 public:
  explicit TrialPanel(QWidget* parent = nullptr);
  /// Empty: one can be sent; else the reason why not.
  void setHindrance(const QString& reason);
  void begin();
  void addStep(const TrialStep& step);
  void end(bool delivered, const QString& sentence);
  void clear();
  bool isBusy() const { return m_busy; }
  QComboBox* severity() const { return m_severity; }
  QPushButton* button() const { return m_send; }
  QPushButton* cancelButton() const { return m_cancel; }
  const QList<TrialStep>& steps() const { return m_steps; }
  QString result() const;

 Q_SIGNALS:
  void wanted(const QString& severity);
  void cancelWanted();

 private:
  void rebuild();
  void update();
  QList<TrialStep> m_steps;
  QString m_hindrance;
  bool m_busy = false, m_ending = false;  ///< ending: it was cancelled, and is being taken back
  QComboBox* m_severity;
  QPushButton *m_send, *m_cancel;
  QLabel *m_why, *m_result;
  QGridLayout* m_rows;
};

}  // namespace cachedeck
