// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace cachedeck {

/// What is done to the keys, and how gently. Its fields come from the catalog of actions.
class RuleForm : public QWidget {
  Q_OBJECT
 public:
  explicit RuleForm(QWidget* parent = nullptr);
  void setKind(keys::ActionKind kind);
  keys::ActionKind kind() const;
  /// Usage error for a field that cannot be read, or an action that makes no sense.
  Result<keys::Action> action() const;
  keys::RunOptions options() const;
  /// Why images cannot be kept; empty when they can.
  void setUndoForbidden(const QString& why);

 Q_SIGNALS:
  void changed();

 private:
  void showFields();
  QFormLayout* m_form;
  QComboBox *m_kind, *m_condition;
  QLineEdit *m_time, *m_factor, *m_jitter;
  QDoubleSpinBox* m_budget;
  QSpinBox *m_rate, *m_cap;
  QCheckBox* m_undo;
};

}  // namespace cachedeck
