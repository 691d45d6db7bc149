// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace cachedeck {

/// Label or help of a field table row, translated.
QString fieldText(const char* text);

/// One field of a form: label, editor, and what is wrong with its value.
class FieldEditor : public QWidget {
  Q_OBJECT
 public:
  explicit FieldEditor(const FieldInfo& info, QWidget* parent = nullptr);
  const FieldInfo& info() const { return m_info; }
  QString key() const { return QString::fromLatin1(m_info.key); }
  /// As the profile file keeps it; empty where the default applies.
  virtual QString value() const = 0;
  virtual void setValue(const QString& value) = 0;
  /// What is wrong with the value, one sentence; empty when nothing is. Also shown below the editor.
  QString problem();

 Q_SIGNALS:
  void edited();
  /// The keyboard left the editor, or Enter was pressed in it.
  void finished();

 protected:
  virtual QString check() const { return {}; }
  /// Puts the editor under the label, and names it for screen readers.
  void place(QWidget* editor, QWidget* named);
  void setProblem(const QString& problem);

 private:
  const FieldInfo m_info;
  QVBoxLayout* m_column;
  QLabel* m_label;
  QLabel* m_problem;
  QWidget* m_named = nullptr;
};

/// Text, Number and File.
class LineField : public FieldEditor {
  Q_OBJECT
 public:
  explicit LineField(const FieldInfo& info, QWidget* parent = nullptr);
  QString value() const override;
  void setValue(const QString& value) override;

 protected:
  QString check() const override;

 private:
  void browse();
  QLineEdit* m_edit;
};

/// "true" or empty.
class SwitchField : public FieldEditor {
  Q_OBJECT
 public:
  explicit SwitchField(const FieldInfo& info, QWidget* parent = nullptr);
  QString value() const override;
  void setValue(const QString& value) override;

 private:
  QCheckBox* m_box;
};

class ChoiceField : public FieldEditor {
  Q_OBJECT
 public:
  explicit ChoiceField(const FieldInfo& info, QWidget* parent = nullptr);
  QString value() const override;
  void setValue(const QString& value) override;

 private:
  QComboBox* m_box;
};

/// A password: never shown, never among the values. A stored one is kept until another is typed or it is forgotten.
class SecretField : public FieldEditor {
  Q_OBJECT
 public:
  explicit SecretField(const FieldInfo& info, QWidget* parent = nullptr);
  QString value() const override { return {}; }
  void setValue(const QString&) override {}
  /// `storedWhere` says where one lies already ("stored in the keyring"), empty when there is none.
  void setStored(const QString& storedWhere);
  /// Only says it in other words; what was typed stays.
  void setStoredWhere(const QString& storedWhere);
  /// Drops what was typed, and the stored one when the form is saved.
  void forget();
  void setSecret(const Secret& secret);
  /// What was typed; empty when nothing was.
  Secret typed() const;
  bool isForgotten() const;
  bool hasSecret() const;

 private:
  void updateHint();
  QLineEdit* m_edit;
  QToolButton* m_forget;
  QString m_storedWhere;
  bool m_forgotten = false;
};

/// The editor for a row's kind.
FieldEditor* makeFieldEditor(const FieldInfo& info);

}  // namespace cachedeck
