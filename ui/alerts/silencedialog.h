// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/alerts/alertreadings.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace cachedeck {

/// The form of a new silence: which alerts, how long, who and why. What is there now and would be silenced is named.
class SilenceDialog : public QDialog {
  Q_OBJECT
 public:
  /// The clock outlives the dialog.
  SilenceDialog(const Clock& clock, const QString& matchers, const QString& author, const QList<ManagedAlert>& alerts, QWidget* parent = nullptr);
  QPlainTextEdit* matchers() const { return m_matchers; }
  QComboBox* duration() const { return m_duration; }
  QLineEdit* author() const { return m_author; }
  QLineEdit* comment() const { return m_comment; }
  QPushButton* button() const { return m_create; }
  QString problem() const;

 Q_SIGNALS:
  /// Nothing was made yet. `hits`: names of alerts that are there now.
  void wanted(const cachedeck::Silence& silence, const QStringList& hits);

 private:
  Result<Silence> silence() const;
  QStringList hitsOf(const Silence& silence) const;
  void update();
  const Clock& m_clock;
  const QList<ManagedAlert> m_alerts;
  QPlainTextEdit* m_matchers;
  QComboBox* m_duration;
  QLineEdit *m_author, *m_comment;
  QLabel *m_hits, *m_problem;
  QPushButton* m_create;
};

}  // namespace cachedeck
