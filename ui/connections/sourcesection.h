// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"
#include "ui/widgets/card.h"

#include <QMap>

#include <functional>

class QCheckBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace cachedeck {

class FieldEditor;
class SecretField;
class TestRow;

/// The part of the form for one source, made from its field table: switch, URL to paste, fields, test.
class SourceSection : public Card {
  Q_OBJECT
 public:
  explicit SourceSection(const SourceInfo& info, QWidget* parent = nullptr);
  const SourceInfo& info() const { return m_info; }
  QString id() const { return QString::fromLatin1(m_info.id); }

  /// Fills the form. `storedWhere` says of a secret field where it lies, or nothing.
  void load(const ProfileSource& source, const std::function<QString(const QString&)>& storedWhere);
  ProfileSource value() const;
  bool isSwitchedOn() const;
  /// Fills the fields from a URL; the problem is shown below it and given back. Passwords that were given for the former
  /// address do not go to the new one: they are dropped, but where the URL brings one for the same address.
  QString applyUrl(const QString& url);

  QMap<QString, Secret> typedSecrets() const;
  QStringList forgottenSecrets() const;
  /// Whether there is something in the URL line that the fields do not say yet.
  bool hasUnappliedUrl() const;
  /// Applies what stands in the URL line, then shows what is wrong; the first widget where something is, or nullptr.
  QWidget* firstProblem();
  TestRow* test() const { return m_test; }
  FieldEditor* field(const QString& key) const;

 Q_SIGNALS:
  void edited();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void arrange();
  void fold();
  void connectUrl();
  void onUrlEdited(const QString& text);
  void onFieldFinished(FieldEditor* editor);

  const SourceInfo m_info;
  ProfileSource m_loaded;
  QMap<QString, QString> m_pristine;  ///< the loaded fields as the editors give them back
  QCheckBox* m_switch;
  QWidget* m_body;
  QLineEdit* m_url;
  QLabel* m_urlProblem;
  QString m_urlBefore;  ///< the URL line before the edit under way, to tell a paste from typing
  QGridLayout* m_grid;
  QList<FieldEditor*> m_fields;
  QList<SecretField*> m_secrets;
  TestRow* m_test;
  int m_columns = 0;
};

}  // namespace cachedeck
