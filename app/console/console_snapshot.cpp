// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "core/base/instants.h"
#include "core/metrics/format.h"
#include "core/profiles/profile_fields.h"
#include "core/recording/recording_place.h"
#include "core/snapshot/chart_marks.h"
#include "ui/overview/overviewpage.h"
#include "ui/snapshots/keptalerts.h"
#include "ui/snapshots/snapshotspage.h"
#include "ui/snapshots/takepanel.h"
#include "ui/snapshots/takeschedule.h"

#include <QVBoxLayout>

namespace cachedeck {

// As the other pages: made when it is first shown.
SnapshotsPage& Console::snapshots() {
  if (m_snapshots) return *m_snapshots;
  m_snapshots = new SnapshotsPage(m_clock, m_view, m_history);
  auto* layout = new QVBoxLayout(m_snapshotsPlace);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_snapshots);
  connect(m_snapshots, &SnapshotsPage::openRequested, this, [this](const KeptSession& kept) { open(kept); });
  connect(m_snapshots, &SnapshotsPage::closeRequested, this, &Console::leaveSnapshot);
  connect(m_snapshots, &SnapshotsPage::recordToggled, this, &Console::setRecording);
  TakeSchedule& schedule = m_snapshots->schedule();
  schedule.setEvery(m_settings.value("snapshots.every").toInt());
  schedule.setAfterRuns(m_settings.value("snapshots.after_runs") == QLatin1String("yes"));
  m_snapshots->panel()->showSchedule();
  connect(m_snapshots, &SnapshotsPage::scheduleChanged, this, [this, &schedule] {
    remember("snapshots.every", QString::number(schedule.every()));
    remember("snapshots.after_runs", schedule.afterRuns() ? QStringLiteral("yes") : QStringLiteral("no"));
  });
  openSnapshots();
  return *m_snapshots;
}

// The page knows what was changed since the start.
bool Console::takesAfterRuns() const { return m_snapshots ? m_snapshots->schedule().afterRuns() : m_settings.value("snapshots.after_runs") == QLatin1String("yes"); }

void Console::openSnapshots() {
  if (!m_snapshots) return;
  showRecording();
  if (m_kept) return m_snapshots->setKept(*m_kept);
  if (!m_profile) return m_snapshots->open(std::nullopt);
  const QString recording = recording::recordingPlace(*m_profile, m_profiles.find(m_profile->id) != nullptr).file;
  m_snapshots->open(SnapshotTarget{m_profile->name, environmentKey(m_profile->environment), m_sources, m_folder, recording});
}

void Console::record() {
  m_recorder = std::make_unique<recording::Recorder>(recording::recordingPlace(*m_profile, m_profiles.find(m_profile->id) != nullptr), recording::RecordingBounds{}, m_clock);
  connect(m_recorder.get(), &recording::Recorder::stateChanged, this, &Console::showRecording);
  showRecording();
}

void Console::setRecording(bool on) {
  if (!m_profile) return;
  m_profile->fields[QLatin1String(recordField)] = on ? QStringLiteral("true") : QString();
  // The one field: the rest of the profile may have been edited since it was opened.
  if (m_profiles.find(m_profile->id))
    remember(
        [id = m_profile->id, value = m_profile->fields[QLatin1String(recordField)]](ProfileStore& store) {
          return store.change(id, [&](Profile& profile) {
            if (value.isEmpty()) profile.fields.remove(QLatin1String(recordField));
            else profile.fields[QLatin1String(recordField)] = value;
          });
        },
        tr("The switch Record"));
  m_recorder.reset();
  if (on) record();
  else showRecording();
}

void Console::showRecording() {
  using Kind = recording::RecorderState::Kind;
  if (!m_snapshots) return;
  if (!m_recorder) return m_snapshots->panel()->setRecording(false, {}, false);
  const recording::RecorderState& state = m_recorder->state();
  const bool isTrouble = state.kind == Kind::Paused || state.kind == Kind::Failed;
  QString text = tr("opening the file");
  if (isTrouble) text = state.error ? state.error->message : QString();
  else if (state.kind == Kind::Recording) text = tr("since %1, %2").arg(instantText(state.sinceMs), formatValue(static_cast<double>(state.bytes), Unit::Bytes));
  m_snapshots->panel()->setRecording(true, text, isTrouble);
}

// The same pages, charts, zoom and cursor on what a file holds; nothing is connected, so nothing can be changed.
void Console::open(const KeptSession& kept) {
  std::optional<Profile> before = m_kept ? m_before : m_profile;
  close();
  m_kept = kept;
  m_before = std::move(before);
  const snapshot::Snapshot& snapshot = *kept.snapshot;
  m_history.adopt(kept.past);
  m_view.setKept(TimeSpan{snapshot.fromMs, snapshot.toMs});
  m_view.setActions(snapshot::markedEvents(snapshot));
  m_view.setAlerts(keptAlerts(snapshot));
  m_window->setKept(true);
  m_window->setProfile(ProfileEntry{{}, tr("Snapshot: %1").arg(snapshot.title.isEmpty() ? snapshot.id : snapshot.title), snapshot.environment.isEmpty() ? std::nullopt : std::optional(environmentFromKey(snapshot.environment))});
  for (const SourceInfo& info : sourceRegistry()) {
    const QString id = QLatin1String(info.id);
    SourceState state;
    state.kind = SourceState::Kind::Kept;
    state.sinceMs = snapshot.fromMs;
    state.lastGoodMs = snapshot.toMs;
    bool known = false;
    for (const snapshot::ServerFacts& server : snapshot.servers)
      if (server.source == id) {
        state.identity = {server.product, server.version, server.endpoint, server.role, {}};
        known = true;
      }
    m_overview->setSourceState(id, state, QLatin1String(info.title));
    if (known) m_window->setSource(id, QLatin1String(info.title), state);
  }
  openKeys();
  openLoad();
  openSnapshots();
  openWatch();
  if (m_window->currentPage() == QLatin1String("alerts")) showAlerts();
  m_window->showPage(m_firstPage);
  Q_EMIT opened();
}

// Back to what was open before, be it the sandbox or servers named by URLs, which no saved profile knows.
void Console::leaveSnapshot() {
  const std::optional<Profile> before = std::exchange(m_before, std::nullopt);
  if (before) return open(*before);
  if (openLast()) return;
  close();
  m_window->setProfile({});
  showWelcome();
}

void Console::openFile(const QString& file) {
  m_window->showPage(QStringLiteral("snapshots"));
  connect(&snapshots().controller(), &SnapshotController::failed, this, &Console::fileFailed, Qt::UniqueConnection);
  snapshots().openFile(file);
}

void Console::takeSnapshot() {
  m_window->showPage(QStringLiteral("snapshots"));
  snapshots().take();
}

}  // namespace cachedeck
