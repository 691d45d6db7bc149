// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "app/console/load_opening.h"
#include "ui/connections/connectionspage.h"
#include "ui/keys/keyspage.h"
#include "ui/load/loadpage.h"
#include "ui/snapshots/snapshotspage.h"
#include "ui/snapshots/takeschedule.h"

#include <QVBoxLayout>

namespace cachedeck {

// Made when it is first shown: its form has more widgets than all the rest, and most starts never see it.
ConnectionsPage& Console::connections() {
  if (m_connections) return *m_connections;
  m_connections = new ConnectionsPage(*m_writer, *m_secrets, m_clock);
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
  else if (m_kept) m_keys->close(tr("A snapshot is on show"), tr("Its keys are not in it. Open a profile to look at keys."));
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
  connect(m_load, &LoadPage::ended, this, [this](const RecordShot& run) { snapshots().schedule().runEnded(*run); });
  for (const auto& [id, poller] : m_pollers) m_load->setSourceState(id, poller->state(), QLatin1String(poller->info().title));
  openLoad();
  return *m_load;
}

void Console::openLoad() {
  if (!m_load) return;
  if (m_kept) {
    KeptRuns kept{{}, m_kept->snapshot->takenMs};
    for (const runs::RunRecord& run : m_kept->snapshot->runs) kept.records.append(RecordShot(m_kept->snapshot, &run));  // shared, not copied
    return m_load->openKept(kept);
  }
  if (!m_profile) return m_load->close();
  LoadTarget target = loadTargetOf(*m_profile, m_profiles.find(m_profile->id) != nullptr, m_sources, m_sandbox && m_sandboxProfile == m_profile->id ? &m_sandbox->info() : nullptr, m_folder);
  target.foreign = [this, own = *m_profile](const QString& url) { return othersWithService(own, m_profiles, url); };
  m_load->open(target);
}

}  // namespace cachedeck
