// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "app/console/action_track.h"
#include "app/console/alert_notifier.h"
#include "app/console/backfill_runner.h"
#include "core/base/log.h"
#include "core/journal/journal.h"
#include "core/profiles/saved_server.h"
#include "core/sources/prometheus/custom_queries.h"
#include "core/sources/redis/own_lookups.h"
#include "core/sources/redis/redis_options.h"
#include "core/recording/recording_place.h"
#include "ui/connections/connectionspage.h"
#include "ui/doctor/doctorpage.h"
#include "ui/keys/keyspage.h"
#include "ui/load/loadpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/promql/promqlpage.h"

#include <QEvent>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>

namespace cachedeck {

namespace {

using Kind = SourceState::Kind;

QLatin1String groupOf(const Poller& poller) { return QLatin1String(poller.info().id); }

}  // namespace

Console::Console(std::unique_ptr<Secrets> secrets, const QString& configFolder, QObject* parent)
    : QObject(parent), m_folder(configFolder), m_secrets(std::move(secrets)), m_profiles(configFolder), m_settings(configFolder) {
  const auto settings = m_settings.load();
  applyScheme();  // before any widget: a style sheet that changes costs every one of them
  build();
  if (!settings) m_window->notify(Level::Warning, settings.error().message);
  connectWindow();
  m_window->installEventFilter(this);
  restoreSettings();
  refreshProfiles();
  m_frames.start();
}

Console::~Console() {
  saveGeometry();
  if (m_load) m_load->disconnect(this);  // a run that this ends: its snapshot would not be ready
  close();
}

void Console::applyScheme() {
  const QString scheme = m_settings.value("theme.scheme");
  Theme::instance().setScheme(scheme == QLatin1String("light")    ? Theme::Scheme::Light
                              : scheme == QLatin1String("system") ? Theme::Scheme::System
                                                                  : Theme::Scheme::Dark);
}

void Console::build() {
  const auto profiles = m_profiles.load();
  m_writer = std::make_unique<ProfileWriter>(m_profiles, m_storage);
  m_window = std::make_unique<MainWindow>(m_clock);
  m_actions = std::make_unique<ActionTrack>(m_view, m_history, m_storage, m_clock, m_folder);
  m_overview = new OverviewPage(m_history, m_view, m_frames);
  m_window->addPage(QStringLiteral("overview"), tr("Overview"), QStringLiteral("overview"), m_overview);
  m_window->addPage(QStringLiteral("keys"), tr("Keys"), QStringLiteral("key"), m_keysPlace = new QWidget);
  m_window->addPage(QStringLiteral("load"), tr("Load"), QStringLiteral("load"), m_loadPlace = new QWidget, MainWindow::TimeRange::Ignored);
  m_window->addPage(QStringLiteral("alerts"), tr("Alerts"), QStringLiteral("bell"), m_alertsPlace = new QWidget);
  m_window->addPage(QStringLiteral("query"), tr("PromQL"), QStringLiteral("activity"), m_promqlPlace = new QWidget);
  m_window->addPage(QStringLiteral("snapshots"), tr("Snapshots"), QStringLiteral("camera"), m_snapshotsPlace = new QWidget);
  m_window->addPage(QStringLiteral("doctor"), tr("Doctor"), QStringLiteral("stethoscope"), m_doctorPlace = new QWidget);
  m_window->addPage(QStringLiteral("connections"), tr("Connections"), QStringLiteral("plug"), m_connectionsPlace = new QWidget);
  if (!profiles) m_window->notify(Level::Warning, profiles.error().message);
  for (const QString& notice : m_settings.notices() + m_profiles.notices()) m_window->notify(Level::Warning, notice);
}

void Console::connectWindow() {
  connect(m_window.get(), &MainWindow::rangeChosen, this, [this](int seconds) {
    m_view.setRange(seconds);
    remember("view.range", QString::number(seconds));
  });
  connect(this, &Console::actionHappened, m_actions.get(), &ActionTrack::happened);
  connect(m_actions.get(), &ActionTrack::noted, this, &Console::actionHappened);
  connect(m_window.get(), &MainWindow::pauseToggled, &m_view, &TimeView::setPaused);
  connect(&m_view, &TimeView::pausedChanged, m_window.get(), &MainWindow::setPaused);
  connect(&m_view, &TimeView::rangeChanged, m_window.get(), &MainWindow::setRange);
  connect(m_window.get(), &MainWindow::retryRequested, this, &Console::retry);
  connectWatch();
  connect(m_overview, &OverviewPage::retryRequested, this, &Console::retry);
  connect(m_overview, &OverviewPage::saved, this, [this](const QString& file) { m_window->notify(Level::Good, tr("The picture is in %1").arg(file)); });
  connect(m_overview, &OverviewPage::notSaved, this, [this](const QString& sentence) { m_window->notify(Level::Warning, sentence); });
  connect(m_window.get(), &MainWindow::profileChosen, this, [this](const QUuid& id) {
    if (const Profile* profile = m_profiles.find(id)) open(*profile);
  });
  connect(m_window.get(), &MainWindow::pageShown, this, [this](const QString& id) {
    if (id == QLatin1String("connections")) connections();
    if (id == QLatin1String("keys")) keys();
    if (id == QLatin1String("load")) load();
    if (id == QLatin1String("snapshots")) snapshots();
    if (id == QLatin1String("alerts")) showAlerts();
    if (id == QLatin1String("query")) promql();
    if (id == QLatin1String("doctor")) doctor();
  });
  connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+S")), m_window.get()), &QShortcut::activated, this, &Console::takeSnapshot);
  connect(m_window.get(), &MainWindow::newConnection, this, [this] {
    m_window->showPage(QStringLiteral("connections"));
    connections().newProfile();
  });
  connect(m_window.get(), &MainWindow::trySandbox, this, &Console::openSandbox);
  connect(m_window.get(), &MainWindow::schemeChosen, this, [this](Theme::Scheme scheme) {
    const char* name = scheme == Theme::Scheme::Dark ? "dark" : scheme == Theme::Scheme::Light ? "light" : "system";
    remember("theme.scheme", QLatin1String(name));
  });
}

void Console::restoreSettings() {
  const int range = m_settings.value("view.range").toInt();
  m_view.setRange(range);
  m_window->setRange(range);
  const QByteArray geometry = QByteArray::fromBase64(m_settings.value("window.geometry").toLatin1());
  if (geometry.isEmpty() || !m_window->restoreGeometry(geometry)) m_window->resize(MainWindow::firstSize());
}

void Console::saveGeometry() {
  if (const auto written = m_settings.set("window.geometry", QString::fromLatin1(m_window->saveGeometry().toBase64())); !written) qCWarning(lcApp).noquote() << written.error().message;
}

// Writing waits for the disk, and the window does not wait: each write goes through settings of its own on a worker.
void Console::remember(const char* key, const QString& value) {
  m_storage.post(
      this,
      [folder = m_folder, key, value](std::stop_token) -> Result<void> {
        Settings settings(folder);
        if (const auto loaded = settings.load(); !loaded) return loaded;
        return settings.set(key, value);
      },
      [](const Result<void>& written) {
        if (!written) qCWarning(lcApp).noquote() << written.error().message;
      });
}

// `what` a person asked for is said when it was not kept; what the console notes by itself is not worth a notice.
void Console::remember(const ProfileWriter::Change& change, const QString& what) {
  m_writer->post(change, this, [this, what](const Result<void>& written) {
    if (written) return;
    qCWarning(lcApp).noquote() << "The profile was not written:" << written.error().message;
    if (!what.isEmpty()) m_window->notify(Level::Warning, tr("%1 is not kept for the next time. %2").arg(what, written.error().message));
  });
}

void Console::refreshProfiles() {
  QList<ProfileEntry> entries;
  for (const Profile& profile : m_profiles.profiles()) entries.append({profile.id, profile.name, profile.environment});
  m_window->setProfiles(entries);
}

void Console::showWelcome() { m_window->showWelcome(); }

bool Console::openLast() {
  const Profile* last = m_profiles.lastUsed();
  if (last) open(*last);
  return last != nullptr;
}

void Console::open(const Profile& profile) {
  close();
  m_profile = profile;
  if (!m_profiles.find(profile.id)) {
    QStringList heeded;
    if (heedSaved(*m_profile, m_profiles)) heeded << tr("%1 What that profile asks for is asked here as well.").arg(heededText(*m_profile));
    if (const QString limits = heededLimitsText(*m_profile); !limits.isEmpty()) heeded << limits;
    if (!heeded.isEmpty()) m_window->notify(Level::Warning, heeded.join(QLatin1Char(' ')));
  }
  m_window->setProfile(ProfileEntry{m_profile->id, m_profile->name, m_profile->environment});
  m_window->showPage(std::exchange(m_firstPage, QStringLiteral("overview")));
  if (m_connections) m_connections->setConnected(profile.id);
  m_serverIds.clear();
  if (m_profiles.find(profile.id)) {
    for (auto source = profile.sources.cbegin(); source != profile.sources.cend(); ++source) m_serverIds[source.key()] = source->lastServerId;
    remember([id = profile.id](ProfileStore& store) { return store.setLastUsed(id); });
  }
  m_secrets->resolve(profile, this, [this, id = profile.id](const ResolvedSettings& resolved) {
    if (m_profile && m_profile->id == id) start(resolved);
  });
}

void Console::close() {
  if (m_load) m_load->close();  // first: a run that this ends has its snapshot of what is still open
  m_actions->close();
  m_backfill.reset();
  m_pollers.clear();
  m_recorder.reset();  // writes what waits
  m_missing.clear();
  m_toStore.clear();
  m_history.clear();
  if (m_kept) m_view.setKept(std::nullopt);
  m_view.setAlerts({});
  m_kept.reset();
  m_window->setKept(false);
  m_window->clearSources();
  for (const SourceInfo& info : sourceRegistry()) m_overview->setSourceState(QLatin1String(info.id), {}, QLatin1String(info.title));
  m_profile.reset();
  m_keysTarget.reset();
  m_postgres.reset();
  m_sources.clear();
  openKeys();
  openLoad();
  openSnapshots();
  watch();
}

void Console::start(const ResolvedSettings& resolved) {
  m_ownLookups = std::make_shared<LookupBook>();
  const Result<RedisOptions> redis = redisOptions(resolved.sources.value(QStringLiteral("redis")));
  m_actions->open(m_profile->name, redis && resolved.sources.contains(QStringLiteral("redis")) ? redis->endpoint() : QString());
  if (const auto prometheus = resolved.sources.constFind(QStringLiteral("prometheus")); prometheus != resolved.sources.constEnd()) {
    m_backfill = std::make_unique<Backfill>(*prometheus, m_history, m_clock);
    connect(m_backfill.get(), &Backfill::failed, this, [this](const QString& sourceId, const QString& message) {
      const SourceInfo* info = findSource(sourceId);
      m_window->notify(Level::Warning, tr("The past of %1 is not shown. %2").arg(info ? QLatin1String(info->title) : tr("the service"), message));
    });
  }
  for (const SourceInfo& info : sourceRegistry()) {
    const QString id = QString::fromLatin1(info.id);
    if (resolved.sources.contains(id)) addPoller(info, resolved.sources[id]);
  }
  for (const MissingSecret& missing : resolved.missing) askFor(missing);
  if (recording::isRecorded(*m_profile)) record();
  m_sources = resolved.sources;
  openKeys();
  openLoad();
  if (m_settings.value("snapshots.every").toInt() > 0) snapshots();  // so that they are taken
  openSnapshots();
  watch();
  Q_EMIT opened();
}

void Console::addPoller(const SourceInfo& info, const SourceSettings& settings) {
  SourceSettings counted = settings;
  counted.ownLookups = m_ownLookups;
  auto poller = std::make_unique<Poller>(info, counted, m_clock);
  Poller* const raw = poller.get();
  if (raw->sourceId() == QLatin1String("postgres")) {
    m_postgres = settings;  // names of keys may come of a query
    if (m_keysTarget) m_keysTarget->postgres = m_postgres;
    if (m_keys) m_keys->setPostgres(m_postgres);
  }
  if (raw->sourceId() == QLatin1String("redis"))
    if (const Result<RedisOptions> redis = redisOptions(counted))
      m_keysTarget = std::make_unique<KeysTarget>(KeysTarget{m_profile->name, m_profiles.find(m_profile->id) != nullptr, m_profile->environment, *redis,
                                                            m_postgres, settings.field(QStringLiteral("separator"), QStringLiteral(":")).toUtf8(), stateDirectory(), m_folder});
  connect(raw, &Poller::stateChanged, this, [this, raw] { sourceChanged(*raw); });
  connect(raw, &Poller::sampled, this, [this, raw](const Sample& sample) {
    m_history.append(groupOf(*raw), sample.at.wallMs, sample.values, sample.restarted, raw->info().periodMs * 5 / 2);
    if (m_recorder) m_recorder->take(groupOf(*raw), sample, raw->info().periodMs * 5 / 2);
    show(raw->sourceId(), QLatin1String(raw->info().title), raw->state());
  });
  m_pollers[raw->sourceId()] = std::move(poller);
  raw->start();
}

void Console::show(const QString& sourceId, const QString& title, const SourceState& state) {
  m_window->setSource(sourceId, title, state);
  m_overview->setSourceState(sourceId, state, title);
  if (m_load) m_load->setSourceState(sourceId, state, title);
}

void Console::sourceChanged(const Poller& poller) {
  show(poller.sourceId(), QLatin1String(poller.info().title), poller.state());
  if (poller.state().kind == Kind::Live) {
    noticeServer(poller);
    storeProvedSecret(poller.sourceId());
  }
  fillPast();
}

// Also of a server that cannot be reached: what it did before it went is what one wants to see then.
void Console::fillPast() {
  const auto kindOf = [this](const QString& id) {
    const auto found = m_pollers.find(id);
    return found == m_pollers.end() ? Kind::Idle : found->second->state().kind;
  };
  if (!m_backfill || kindOf(QStringLiteral("prometheus")) != Kind::Live) return;
  for (const QString& id : {QStringLiteral("redis"), QStringLiteral("postgres")})
    if (kindOf(id) == Kind::Live || kindOf(id) == Kind::Failed || m_missing.contains(id)) m_backfill->fill(id);
  m_backfill->fill(serviceHistory());
}

// A profile that suddenly leads to another server is a mistake more often than not.
void Console::noticeServer(const Poller& poller) {
  const QString serverId = poller.state().identity.serverId;
  if (serverId.isEmpty() || !m_profile || !m_profiles.find(m_profile->id)) return;
  const QString before = m_serverIds[poller.sourceId()];
  if (before == serverId) return;
  m_serverIds[poller.sourceId()] = serverId;
  if (!before.isEmpty())
    m_window->notify(Level::Warning, tr("%1 at %2 is not the server that this profile reached last time. Check the address before you act on it.")
                                         .arg(QLatin1String(poller.info().title), poller.state().identity.endpoint));
  remember([id = m_profile->id, source = poller.sourceId(), serverId](ProfileStore& store) { return store.setServerId(id, source, serverId); });
}

bool Console::eventFilter(QObject* watched, QEvent* event) {
  if (watched != m_window.get() || event->type() != QEvent::Close || mayClose()) return QObject::eventFilter(watched, event);
  event->ignore();
  return true;
}

bool Console::mayClose() {
  const QString ofKeys = m_keys ? m_keys->underWay() : QString();
  QString underWay = ofKeys.isEmpty() && m_load ? m_load->underWay() : ofKeys;
  if (underWay.isEmpty()) return true;
  if (ofKeys.isEmpty() && takesAfterRuns()) underWay += QLatin1Char(' ') + tr("No snapshot is taken of it then.");
  auto* question = new QMessageBox(QMessageBox::Warning, tr("Something is under way"), underWay, QMessageBox::Cancel, m_window.get());
  question->setTextFormat(Qt::PlainText);
  question->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* const stop = question->addButton(tr("Stop it and close"), QMessageBox::DestructiveRole);
  question->setDefaultButton(QMessageBox::Cancel);
  connect(stop, &QPushButton::clicked, this, [this] {
    if (m_keys) m_keys->close();  // ends the page that is under way
    if (m_load) {
      m_load->disconnect(this);  // no snapshot, as was said
      m_load->close();  // and keeps what a run has measured
    }
    m_window->close();
  });
  question->open();
  return false;
}

bool Console::setFirstPage(const QString& id) {
  m_window->showPage(id);
  if (m_window->currentPage() != id) return false;
  m_firstPage = id;
  return true;
}

void Console::fillForPicture() {
  m_keysExample = true;
  if (m_keys) m_keys->fillForPicture();
  if (m_promql) m_promql->fillForPicture();
  if (m_doctor) m_doctor->examine();
}

void Console::drawNow() { m_overview->refresh(m_clock.now().wallMs); }

}  // namespace cachedeck
