// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/metrics/custom_panel.h"
#include "core/metrics/history.h"
#include "core/profiles/profilewriter.h"
#include "core/profiles/secrets.h"
#include "core/profiles/settings.h"
#include "core/recording/recorder.h"
#include "core/sandbox/sandbox.h"
#include "core/sources/poller.h"
#include "ui/charts/frameclock.h"
#include "ui/charts/timeview.h"
#include "ui/snapshots/keptsession.h"
#include "ui/window/mainwindow.h"

#include <map>
#include <memory>
#include <optional>

namespace cachedeck {

class ActionTrack;
class AlertNotifier;
class AlertsPage;
class Backfill;
class ConnectionsPage;
class CustomQueries;
class DoctorPage;
struct JournalEntry;
class KeptAlertsPage;
class KeysPage;
struct KeysTarget;
class LoadPage;
class OverviewPage;
class PromqlPage;
class SnapshotsPage;

/// The composition root: the only place that makes Pollers and pages and ties them together.
class Console : public QObject {
  Q_OBJECT
 public:
  using Pollers = std::map<QString, std::unique_ptr<Poller>>;

  /// `configFolder` holds profiles and settings.
  Console(std::unique_ptr<Secrets> secrets, const QString& configFolder = configDirectory(), QObject* parent = nullptr);
  ~Console() override;

  /// Connects to every enabled source of a profile, in place of what was open before.
  void open(const Profile& profile);
  /// Shows a snapshot in place of servers.
  void open(const KeptSession& kept);
  /// The same of a file; what is wrong with it stands on the page of snapshots, and is told by fileFailed().
  void openFile(const QString& file);
  /// Takes one of what is on show.
  void takeSnapshot();
  /// Keeps the open profile's figures on disk, or no more; a saved profile remembers it.
  void setRecording(bool on);
  /// The profile used last; false when there is none.
  bool openLast();
  /// Starts real servers and opens them; they end with the console.
  void openSandbox();
  void showWelcome();

  MainWindow& window() { return *m_window; }
  TimeView& view() { return m_view; }
  const History& history() const { return m_history; }
  const Pollers& pollers() const { return m_pollers; }
  Secrets& secrets() { return *m_secrets; }
  bool isStartingSandbox() const { return m_startingSandbox; }
  /// The profile on show has a source that could be connected.
  bool hasSources() const { return !m_pollers.empty() || !m_missing.empty(); }
  /// The page that the next profile opens on, instead of the overview. False when there is none of this id.
  bool setFirstPage(const QString& id);
  /// For a picture of the window: pages that wait for somebody to pick something show an example.
  void fillForPicture();
  /// Draws a frame now, for a picture of the window.
  void drawNow();
  /// Asks first when closing the window would interrupt something.
  bool eventFilter(QObject* watched, QEvent* event) override;

 Q_SIGNALS:
  /// The sources of a profile have been started.
  void opened();
  void sandboxFailed(const cachedeck::Error& error);
  /// The file that openFile() named cannot be shown.
  void fileFailed(const QString& sentence);
  /// The journal has a new entry: of a page that acted (which emits this, on this thread), or a note on what an action did. Charts mark it.
  void actionHappened(const cachedeck::JournalEntry& entry);

 private:
  void build();
  void connectWindow();
  void applyScheme();
  ConnectionsPage& connections();
  KeysPage& keys();
  void openKeys();
  LoadPage& load();
  void openLoad();
  SnapshotsPage& snapshots();
  void openSnapshots();
  void leaveSnapshot();
  bool takesAfterRuns() const;
  void record();
  void showRecording();
  std::optional<SourceSettings> settingsOf(const char* source) const;
  AlertsPage& alerts();
  void showAlerts();
  PromqlPage& promql();
  DoctorPage& doctor();
  void openPromql();
  void openDoctor();
  void openWatch();
  void watch();
  void keepOwnPanels();
  void connectWatch();
  bool mayClose();
  void restoreSettings();
  void saveGeometry();
  void remember(const char* key, const QString& value);
  void remember(const ProfileWriter::Change& change, const QString& what = {});
  void refreshProfiles();
  void close();
  void start(const ResolvedSettings& resolved);
  void addPoller(const SourceInfo& info, const SourceSettings& settings);
  void askFor(const MissingSecret& missing);
  void sourceChanged(const Poller& poller);
  void fillPast();
  void noticeServer(const Poller& poller);
  void show(const QString& sourceId, const QString& title, const SourceState& state);
  void retry(const QString& sourceId);
  MissingSecret rejectedSecret(const QString& sourceId, const Error& error) const;
  void promptFor(const MissingSecret& missing);
  void storeProvedSecret(const QString& sourceId);
  void openSandboxServers();
  void sandboxLost(const Error& error);

  SystemClock m_clock;
  const QString m_folder;
  std::unique_ptr<Secrets> m_secrets;
  ProfileStore m_profiles;
  Settings m_settings;
  History m_history;
  TimeView m_view;
  FrameClock m_frames{m_clock};
  std::optional<Profile> m_profile;
  std::unique_ptr<MainWindow> m_window;
  OverviewPage* m_overview = nullptr;
  QWidget* m_connectionsPlace = nullptr;
  ConnectionsPage* m_connections = nullptr;
  QWidget* m_keysPlace = nullptr;
  KeysPage* m_keys = nullptr;
  QWidget* m_loadPlace = nullptr;
  LoadPage* m_load = nullptr;
  QWidget* m_snapshotsPlace = nullptr;
  SnapshotsPage* m_snapshots = nullptr;
  QWidget *m_alertsPlace = nullptr, *m_promqlPlace = nullptr, *m_doctorPlace = nullptr;
  AlertsPage* m_alerts = nullptr;
  KeptAlertsPage* m_keptAlerts = nullptr;  // in its place while a snapshot is on show
  PromqlPage* m_promql = nullptr;
  DoctorPage* m_doctor = nullptr;
  std::unique_ptr<AlertNotifier> m_notifier;
  std::unique_ptr<CustomQueries> m_queries;
  CustomPanels m_ownPanels;  // of the open profile
  std::optional<KeptSession> m_kept;  // the snapshot on show, in place of a profile
  std::optional<Profile> m_before;  // the profile that it took the place of
  QMap<QString, SourceSettings> m_sources;  // of the open profile, as far as their secrets are known
  std::unique_ptr<KeysTarget> m_keysTarget;  // what the page of keys works on, or will when it is first shown
  std::optional<SourceSettings> m_postgres;  // of the profile on show
  bool m_keysExample = false;
  QString m_firstPage = QStringLiteral("overview");
  std::unique_ptr<Sandbox> m_sandbox;
  QUuid m_sandboxProfile;  // the profile that its servers were opened as
  std::map<QString, QString> m_serverIds;  // by source: who answered last, of a saved profile
  std::map<QString, MissingSecret> m_missing;
  std::map<QString, std::pair<SecretKey, Secret>> m_toStore;  // by source: kept once the server has taken it
  std::unique_ptr<recording::Recorder> m_recorder;
  Pollers m_pollers;
  std::unique_ptr<Backfill> m_backfill;
  std::unique_ptr<ActionTrack> m_actions;
  std::shared_ptr<LookupBook> m_ownLookups;  // of the open profile: what pages look up themselves stays out of the charts
  bool m_startingSandbox = false;
  Worker m_storage{QStringLiteral("storage")};
  std::unique_ptr<ProfileWriter> m_writer;  // writes what waits at its end
  Worker m_sandboxWorker{QStringLiteral("sandbox")};  // last: what it does calls back into what stands above
};

}  // namespace cachedeck
