// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

class QLabel;

namespace cachedeck {

/// A big button: icon, title and one sentence.
class ChoiceCard : public QAbstractButton {
  Q_OBJECT
 public:
  ChoiceCard(const QString& iconName, const QString& title, const QString& sentence, QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void recolour();

  QString m_iconName;
  QLabel* m_icon;
};

}  // namespace cachedeck
