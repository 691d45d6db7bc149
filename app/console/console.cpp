// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "app/console/action_track.h"
#include "app/console/backfill_runner.h"
#include "app/console/load_opening.h"
#include "core/base/log.h"
#include "core/journal/journal.h"
#include "core/profiles/fromurls.h"
#include "core/sources/redis/own_lookups.h"
#include "core/sources/redis/redis_options.h"
#include "ui/connections/connectionspage.h"
#include "ui/connections/secretdialog.h"
#include "ui/keys/keyspage.h"
#include "ui/load/loadpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/window/welcomepage.h"

#include <QEvent>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

using Kind = SourceState::Kind;

// Registry ids are literals, so that History may keep a view of them.
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
  m_window = std::make_unique<MainWindow>(m_clock);
  m_actions = std::make_unique<ActionTrack>(m_view, m_history, m_storage, m_clock, m_folder);
  m_overview = new OverviewPage(m_history, m_view, m_frames);
  m_window->addPage(QStringLiteral("overview"), tr("Overview"), QStringLiteral("overview"), m_overview);
  m_window->addPage(QStringLiteral("keys"), tr("Keys"), QStringLiteral("key"), m_keysPlace = new QWidget);
  m_window->addPage(QStringLiteral("load"), tr("Load"), QStringLiteral("load"), m_loadPlace = new QWidget);
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
  connect(m_overview, &OverviewPage::retryRequested, this, &Console::retry);
  connect(m_window.get(), &MainWindow::profileChosen, this, [this](const QUuid& id) {
    if (const Profile* profile = m_profiles.find(id)) open(*profile);
  });
  connect(m_window.get(), &MainWindow::pageShown, this, [this](const QString& id) {
    if (id == QLatin1String("connections")) connections();
    if (id == QLatin1String("keys")) keys();
    if (id == QLatin1String("load")) load();
  });
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

// Made when it is first shown: its form has more widgets than all the rest, and most starts never see it.
ConnectionsPage& Console::connections() {
  if (m_connections) return *m_connections;
  m_connections = new ConnectionsPage(m_profiles, *m_secrets, m_clock);
  auto* layout = new QVBoxLayout(m_connectionsPlace);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_connections);
  if (m_profile) m_connections->setConnected(m_profile->id);
  connect(m_connections, &ConnectionsPage::connectRequested, this, [this](const QUuid& id) {
    if (const Profile* profile = m_profiles.find(id)) open(*profile);
  });
  connect(m_connections, &ConnectionsPage::profilesChanged, this, &Console::refreshProfiles);
  connect(m_connections, &ConnectionsPage::noticed, this, [this](const QString& text) { m_window->notify(Level::Warning, text); });
  return *m_connections;
}

// As that one: made when it is first shown, and looks at no key before.
KeysPage& Console::keys() {
  if (m_keys) return *m_keys;
  const auto meanQueryMs = [this]() -> std::optional<double> {
    const double seconds = m_history.last(QLatin1String("postgres.query_mean"));
    return std::isnan(seconds) ? std::nullopt : std::optional(1000 * seconds);
  };
  const auto load = [this](qint64 overMs) {
    const qint64 now = m_clock.now().wallMs;
    const auto mean = [&](const char* metric) { return m_history.summary(QLatin1String(metric), now - overMs, now).mean; };
    const double waiting = mean("postgres.waiting");
    return LoadFigures{mean("postgres.active") + (std::isnan(waiting) ? 0 : waiting), mean("redis.hit_ratio")};
  };
  m_keys = new KeysPage(m_clock, meanQueryMs, load);
  auto* layout = new QVBoxLayout(m_keysPlace);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_keys);
  connect(m_keys, &KeysPage::acted, this, &Console::actionHappened);
  if (m_keysExample) m_keys->fillForPicture();
  openKeys();
  return *m_keys;
}

void Console::openKeys() {
  if (!m_keys) return;
  const bool hasRedis = m_profile && m_profile->sources.contains(QStringLiteral("redis"));
  if (m_keysTarget) m_keys->open(*m_keysTarget);
  else if (m_missing.contains(QStringLiteral("redis"))) m_keys->close(tr("Redis waits for a password"), tr("Choose its chip at the top, and Retry, to enter it."));
  else if (m_profile && !hasRedis) m_keys->close(tr("This profile has no Redis"), tr("Add one under Connections to see its keys."));
  else m_keys->close();
}

LoadPage& Console::load() {
  if (m_load) return *m_load;
  m_load = new LoadPage(m_clock, m_history, m_frames);
  auto* layout = new QVBoxLayout(m_loadPlace);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_load);
  connect(m_load, &LoadPage::acted, this, &Console::actionHappened);
  connect(m_load, &LoadPage::retryRequested, this, &Console::retry);
  for (const auto& [id, poller] : m_pollers) m_load->setSourceState(id, poller->state(), QLatin1String(poller->info().title));
  openLoad();
  return *m_load;
}

void Console::openLoad() {
  if (!m_load) return;
  if (!m_profile) return m_load->close();
  m_load->open(loadTargetOf(*m_profile, m_profiles.find(m_profile->id) != nullptr, m_sources, m_sandbox && m_sandboxProfile == m_profile->id ? &m_sandbox->info() : nullptr, m_folder));
}

void Console::restoreSettings() {
  const int range = m_settings.value("view.range").toInt();
  m_view.setRange(range);
  m_window->setRange(range);
  const QByteArray geometry = QByteArray::fromBase64(m_settings.value("window.geometry").toLatin1());
  if (geometry.isEmpty() || !m_window->restoreGeometry(geometry)) m_window->resize(MainWindow::firstSize());
}

void Console::saveGeometry() {
  (void)m_settings.set("window.geometry", QString::fromLatin1(m_window->saveGeometry().toBase64())).ok();
}

// Writing waits for the disk, and the window does not wait: each write goes through a store of its own on a worker.
void Console::remember(const char* key, const QString& value) {
  m_storage.post([folder = m_folder, key, value](std::stop_token) {
    Settings settings(folder);
    if (settings.load()) (void)settings.set(key, value).ok();
  });
}

void Console::remember(const std::function<Result<void>(ProfileStore&)>& change) {
  m_storage.post(
      this,
      [folder = m_folder, change](std::stop_token) -> Result<void> {
        ProfileStore store(folder);
        if (const auto loaded = store.load(); !loaded) return loaded;
        return change(store);
      },
      [this](const Result<void>& written) {
        if (!written || !m_profiles.load()) qCWarning(lcApp) << "The profile file was not written or read:" << (written ? QString() : written.error().message);
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
  m_window->setProfile(ProfileEntry{profile.id, profile.name, profile.environment});
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
  m_actions->close();
  m_backfill.reset();
  m_pollers.clear();
  m_missing.clear();
  m_toStore.clear();
  m_history.clear();
  m_window->clearSources();
  for (const SourceInfo& info : sourceRegistry()) m_overview->setSourceState(QLatin1String(info.id), {}, QLatin1String(info.title));
  m_profile.reset();
  m_keysTarget.reset();
  m_postgres.reset();
  m_sources.clear();
  openKeys();
  openLoad();
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
  m_sources = resolved.sources;
  openKeys();
  openLoad();
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

void Console::askFor(const MissingSecret& missing) {
  const SourceInfo* info = findSource(missing.key.source);
  if (!info) return;
  m_missing[missing.key.source] = missing;
  SourceState state;
  state.kind = Kind::Failed;
  state.sinceMs = m_clock.now().wallMs;
  state.error = fail(Error::Kind::Auth, tr("%1 is needed for %2. Choose Retry to enter it.").arg(missing.label, QLatin1String(info->title)),
                     missing.error.message);
  show(missing.key.source, QLatin1String(info->title), state);
}

void Console::retry(const QString& sourceId) {
  const auto poller = m_pollers.find(sourceId);
  const auto& error = poller == m_pollers.end() ? std::optional<Error>() : poller->second->state().error;
  if (m_missing.contains(sourceId))
    promptFor(m_missing[sourceId]);
  else if (error && error->kind == Error::Kind::Auth)
    promptFor(rejectedSecret(sourceId, *error));
  else if (poller != m_pollers.end())
    poller->second->retryNow();
}

MissingSecret Console::rejectedSecret(const QString& sourceId, const Error& error) const {
  MissingSecret rejected{{m_profile->id, sourceId, {}}, {}, error};
  const SourceInfo* info = findSource(sourceId);
  for (const FieldInfo& field : info->fields) {
    if (field.kind != FieldInfo::Kind::Secret) continue;
    rejected.key.field = QLatin1String(field.key);
    rejected.label = QLatin1String(field.label);
    break;
  }
  return rejected;
}

void Console::promptFor(const MissingSecret& missing) {
  const SourceInfo* info = findSource(missing.key.source);
  auto* dialog = new SecretDialog(*m_profile, QLatin1String(info->title), missing, m_window.get());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &SecretDialog::given, this, [this](const SecretKey& key, const Secret& secret, bool keep) {
    if (!m_profile || m_profile->id != key.profile) return;
    m_secrets->keepForSession(key, secret);
    // A stored password stays until the new one has proved right.
    if (keep) m_toStore.insert_or_assign(key.source, std::pair(key, secret));
    m_missing.erase(key.source);
    m_secrets->resolve(*m_profile, this, [this, profile = key.profile, source = key.source](const ResolvedSettings& resolved) {
      const SourceInfo* row = findSource(source);
      if (!row || !m_profile || m_profile->id != profile || !resolved.sources.contains(source)) return;
      addPoller(*row, resolved.sources[source]);
      if (source == QLatin1String("redis")) openKeys();
    });
  });
  dialog->open();
}

void Console::storeProvedSecret(const QString& sourceId) {
  const auto found = m_toStore.find(sourceId);
  if (found == m_toStore.end()) return;
  const auto [key, secret] = found->second;
  m_toStore.erase(found);
  m_secrets->store(key, secret, this, [this](const Result<void>& stored) {
    if (!stored) m_window->notify(Level::Warning, tr("The password was not kept in the keyring. %1").arg(stored.error().message));
  });
}

void Console::openSandbox() {
  if (m_startingSandbox) return;
  if (m_sandbox) return openSandboxServers();
  m_startingSandbox = true;
  m_window->showWelcome();
  m_window->welcome()->reset();
  const auto progress = [this](const QString& step) {
    QMetaObject::invokeMethod(this, [this, step] { m_window->welcome()->addProgress(step); }, Qt::QueuedConnection);
  };
  using Started = Result<std::unique_ptr<Sandbox>>;
  m_sandboxWorker.post(
      this, [progress](std::stop_token stop) { return Sandbox::startOwned({}, progress, std::move(stop)); },
      [this](Started started) {
        m_startingSandbox = false;
        if (!started) return sandboxLost(started.error());
        m_sandbox = std::move(*started);
        openSandboxServers();
      });
}

void Console::openSandboxServers() {
  auto made = profileFromUrls(tr("Sandbox"), m_sandbox->info().urls);
  if (!made) return sandboxLost(made.error());
  made->handOver(*m_secrets);
  m_sandboxProfile = made->profile.id;
  open(made->profile);
}

void Console::sandboxLost(const Error& error) {
  qCWarning(lcSandbox).noquote() << error.message << error.detail;
  m_window->welcome()->showError(error);
  Q_EMIT sandboxFailed(error);
}

bool Console::eventFilter(QObject* watched, QEvent* event) {
  if (watched != m_window.get() || event->type() != QEvent::Close || mayClose()) return QObject::eventFilter(watched, event);
  event->ignore();
  return true;
}

bool Console::mayClose() {
  const QString ofKeys = m_keys ? m_keys->underWay() : QString();
  const QString underWay = ofKeys.isEmpty() && m_load ? m_load->underWay() : ofKeys;
  if (underWay.isEmpty()) return true;
  auto* question = new QMessageBox(QMessageBox::Warning, tr("Something is under way"), underWay, QMessageBox::Cancel, m_window.get());
  question->setTextFormat(Qt::PlainText);
  question->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* const stop = question->addButton(tr("Stop it and close"), QMessageBox::DestructiveRole);
  question->setDefaultButton(QMessageBox::Cancel);
  connect(stop, &QPushButton::clicked, this, [this] {
    if (m_keys) m_keys->close();  // ends the page that is under way
    if (m_load) m_load->close();  // and keeps what a run has measured
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
}

void Console::drawNow() { m_overview->refresh(m_clock.now().wallMs); }

}  // namespace cachedeck
