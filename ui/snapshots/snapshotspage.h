// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timeview.h"
#include "ui/snapshots/snapshotcontroller.h"

#include <QWidget>

class QListView;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class ComparePanel;
class Notice;
class SnapshotCompareView;
class SnapshotView;
class TakePanel;
class TakeSchedule;

/// Snapshots: take one, look at those that were taken, open, export and compare them.
class SnapshotsPage : public QWidget {
  Q_OBJECT
 public:
  /// All outlive the page.
  SnapshotsPage(const Clock& clock, const TimeView& view, const History& history, const QString& folder = defaultFolder(), QWidget* parent = nullptr);
  ~SnapshotsPage() override;
  /// $XDG_STATE_HOME/cachedeck/snapshots
  static QString defaultFolder();

  /// What snapshots are taken of; none: nothing is connected.
  void open(const std::optional<SnapshotTarget>& target);
  /// A snapshot is on show: none is taken of it.
  void setKept(const KeptSession& kept);
  void take();
  /// Reads a file from anywhere and opens it.
  void openFile(const QString& file);

  SnapshotController& controller() { return *m_controller; }
  TakePanel* panel() const { return m_panel; }
  ComparePanel* comparePanel() const { return m_times; }
  TakeSchedule& schedule() { return *m_schedule; }
  SnapshotView* view() const { return m_view; }
  SnapshotCompareView* comparison() const { return m_comparison; }
  QPushButton* compareButton() const { return m_compare; }
  QPushButton* removeButton() const { return m_remove; }
  QListView* list() const { return m_list; }
  Notice* message() const { return m_message; }

 Q_SIGNALS:
  /// Show it in place of the servers.
  void openRequested(const cachedeck::KeptSession& kept);
  /// Back to the servers.
  void closeRequested();
  /// The person changed when snapshots are taken by themselves.
  void scheduleChanged();
  /// The person wants the profile recorded, or no more.
  void recordToggled(bool on);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QWidget* buildList();
  void connectController();
  void showEntries();
  /// The person picked something: it is shown, and no comparison any more.
  void picked();
  void showPicked();
  QStringList pickedFiles() const;
  void updateButtons();
  void askForFile();
  void askToRemove();
  void connectExports();
  void askWhereToExport(const QString& format, const QString& suffix);
  void askWhereToSave();
  void say(Level level, const QString& sentence);

  const Clock& m_clock;
  SnapshotController* m_controller;
  TakeSchedule* m_schedule;
  SnapshotModel* m_model;
  QList<SnapshotEntry> m_ofFolder;
  bool m_listing = false;  ///< the list is brought up to date: nobody picks anything
  std::optional<SnapshotEntry> m_kept;  ///< the snapshot on show, which may lie anywhere
  QString m_choose;                     ///< a file to pick as soon as it is listed
  TakePanel* m_panel;
  ComparePanel* m_times;
  SnapshotView* m_view;
  SnapshotCompareView* m_comparison;
  Notice *m_message, *m_none;
  QListView* m_list;
  QStackedWidget *m_stack, *m_right;
  QPushButton *m_openFile, *m_compare, *m_remove;
};

}  // namespace cachedeck
