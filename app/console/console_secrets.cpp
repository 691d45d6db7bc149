// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "ui/connections/secretdialog.h"
#include "ui/load/loadpage.h"

namespace cachedeck {

void Console::askFor(const MissingSecret& missing) {
  const SourceInfo* info = findSource(missing.key.source);
  if (!info) return;
  m_missing[missing.key.source] = missing;
  SourceState state;
  state.kind = SourceState::Kind::Failed;
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
      m_sources[source] = resolved.sources[source];
      if (source == QLatin1String("redis")) openKeys();
      if (m_load && m_load->underWay().isEmpty()) openLoad();  // which would end a run
      openSnapshots();
      watch();
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

}  // namespace cachedeck
