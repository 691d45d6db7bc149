// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"
#include "ui/widgets/card.h"

class QComboBox;
class QLabel;
class QLineEdit;

namespace cachedeck {

/// Name, environment and the place of the passwords.
class ProfileHead : public Card {
  Q_OBJECT
 public:
  explicit ProfileHead(QWidget* parent = nullptr);
  void load(const Profile& profile, bool isNew);
  void store(Profile& profile) const;
  /// Follows the addresses until the operator chose an environment.
  void suggestEnvironment(Environment environment);
  /// An empty text means that a keyring answers.
  void setKeyringProblem(const QString& problem);
  void setNameProblem(const QString& problem);
  SecretPlace secretPlace() const;
  void focusName();

 Q_SIGNALS:
  void edited();

 private:
  void updatePlaceHint();
  void recolour();

  QLineEdit* m_name;
  QLabel* m_nameProblem;
  QComboBox* m_environment;
  QComboBox* m_place;
  QLabel* m_placeHint;
  QString m_keyringProblem;
  bool m_environmentChosen = false;
};

}  // namespace cachedeck
