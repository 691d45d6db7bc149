// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"

#include <QListWidget>

#include <span>

namespace cachedeck {

/// The profiles with name, environment and addresses.
class ProfileList : public QListWidget {
  Q_OBJECT
 public:
  explicit ProfileList(std::span<const SourceInfo> registry, QWidget* parent = nullptr);
  /// Keeps the current one where it is still there.
  void setProfiles(const QList<Profile>& profiles, const QUuid& connected);
  QUuid current() const;
  /// Does not signal. A null id selects none.
  void setCurrent(const QUuid& id);

 Q_SIGNALS:
  void chosen(const QUuid& id);
  /// Enter or a double click.
  void connectRequested(const QUuid& id);

 protected:
  void focusInEvent(QFocusEvent* event) override;

 private:
  QListWidgetItem* itemOf(const QUuid& id) const;
  std::span<const SourceInfo> m_registry;
};

}  // namespace cachedeck
