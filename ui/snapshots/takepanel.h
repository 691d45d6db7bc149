// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/charts/timeview.h"
#include "ui/snapshots/snapshottarget.h"
#include "ui/widgets/card.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cachedeck {

class TakeSchedule;

/// The form of a new snapshot: its title, a note, which stretch of time; and when one is taken without being asked for.
class TakePanel : public Card {
  Q_OBJECT
 public:
  /// All outlive the panel.
  TakePanel(const Clock& clock, const TimeView& view, TakeSchedule& schedule, QWidget* parent = nullptr);
  /// Shows what the schedule says.
  void showSchedule();
  /// `state`: what is recorded, or why not; on: the profile is.
  void setRecording(bool on, const QString& state, bool isTrouble);
  /// Empty: one can be taken; else the reason why not.
  void setHindrance(const QString& reason);
  void setBusy(const QString& step);
  void take();
  /// What the form says.
  SnapshotRequest request() const;
  QLineEdit* title() const { return m_title; }
  QLineEdit* note() const { return m_note; }
  QComboBox* range() const { return m_range; }
  QPushButton* button() const { return m_button; }
  QComboBox* every() const { return m_every; }
  QCheckBox* afterRuns() const { return m_afterRuns; }
  QCheckBox* record() const { return m_record; }

 Q_SIGNALS:
  void takeRequested(const cachedeck::SnapshotRequest& request);
  void cancelRequested();
  /// The person changed it.
  void scheduleChanged();
  void recordToggled(bool on);

 private:
  void update();
  const Clock& m_clock;
  const TimeView& m_view;
  TakeSchedule& m_schedule;
  QString m_hindrance, m_step;
  QLineEdit *m_title, *m_note;
  QComboBox *m_range, *m_every;
  QCheckBox *m_afterRuns, *m_record;
  QPushButton* m_button;
  QLabel *m_state, *m_recording;
};

}  // namespace cachedeck
