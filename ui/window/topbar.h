// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/profilebutton.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace cachedeck {

class ChipBar;
class LiveButton;

/// Page title, profile, sources; Live and range. Its lower edge has the environment's colour.
class TopBar : public QWidget {
  Q_OBJECT
 public:
  explicit TopBar(QWidget* parent = nullptr);
  void setTitle(const QString& title);
  /// Live and range make no sense where nothing is connected.
  void setViewControlsVisible(bool visible);
  void setRangeVisible(bool visible);
  void setProfile(const std::optional<ProfileEntry>& entry);
  /// Does not signal.
  void setRange(int seconds);
  void setPaused(bool paused);
  /// What is on show comes from a snapshot.
  void setKept(bool kept);
  ChipBar* chips() const { return m_chips; }
  ProfileButton* profile() const { return m_profile; }

 Q_SIGNALS:
  void rangeChosen(int seconds);
  void pauseToggled(bool paused);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QLabel* m_title;
  ProfileButton* m_profile;
  ChipBar* m_chips;
  LiveButton* m_live;
  QComboBox* m_range;
};

}  // namespace cachedeck
