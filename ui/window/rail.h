// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QList>
#include <QWidget>

class QVBoxLayout;

namespace cachedeck {

/// One icon of the rail.
class RailButton : public QAbstractButton {
  Q_OBJECT
 public:
  RailButton(const QString& iconName, const QString& name, QWidget* parent = nullptr);
  void setIconName(const QString& iconName);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_icon;
};

/// The left edge of the window: logo, one icon a page, and the switch of the colours at the bottom.
class Rail : public QWidget {
  Q_OBJECT
 public:
  explicit Rail(QWidget* parent = nullptr);
  /// The button of a new page, numbered for its shortcut from 1 on.
  RailButton* addPage(const QString& id, const QString& title, const QString& iconName);
  /// Marks a page as the one shown; none for an id that has no button.
  void setCurrent(const QString& id);

 Q_SIGNALS:
  void pageChosen(const QString& id);
  void schemeToggled();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void updateSchemeButton();

  struct Entry {
    QString id;
    RailButton* button;
  };
  QList<Entry> m_entries;
  QVBoxLayout* m_column;
  RailButton* m_scheme;
};

}  // namespace cachedeck
