// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"

#include <QAbstractButton>
#include <QList>

#include <optional>

class QMenu;

namespace cachedeck {

/// A profile as the switcher lists it.
struct ProfileEntry {
  QUuid id;
  QString name;
  std::optional<Environment> environment = Environment::Production;  ///< none: nobody said, as in a snapshot of URLs
};

/// Shows the profile and its environment's word; its menu switches to another one.
class ProfileButton : public QAbstractButton {
  Q_OBJECT
 public:
  explicit ProfileButton(QWidget* parent = nullptr);
  void setCurrent(const std::optional<ProfileEntry>& entry);
  const std::optional<ProfileEntry>& current() const { return m_current; }
  void setEntries(const QList<ProfileEntry>& entries) { m_entries = entries; }
  /// The menu with the entries of this moment.
  QMenu* makeMenu();
  QSize sizeHint() const override;

 Q_SIGNALS:
  void profileChosen(const QUuid& id);
  void manageRequested();
  void newConnection();
  void trySandbox();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString shownName() const;

  std::optional<ProfileEntry> m_current;
  QList<ProfileEntry> m_entries;
};

}  // namespace cachedeck
