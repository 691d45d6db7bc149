// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/secrets.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;

namespace cachedeck {

/// Asks for one password that a profile needs. Not modal code: open() it and wait for given().
class SecretDialog : public QDialog {
  Q_OBJECT
 public:
  SecretDialog(const Profile& profile, const QString& sourceTitle, const MissingSecret& missing, QWidget* parent = nullptr);

 Q_SIGNALS:
  /// `keep`: put it into the keyring, once it has proved right.
  void given(const cachedeck::SecretKey& key, const cachedeck::Secret& secret, bool keep);

 private:
  SecretKey m_key;
  QLineEdit* m_edit;
  QCheckBox* m_keep;
};

}  // namespace cachedeck
