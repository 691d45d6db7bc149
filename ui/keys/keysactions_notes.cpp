// SPDX-License-Identifier: GPL-3.0-or-later
// What waits for the disk beside a run: unlocking, an edit, a list.
#include "core/journal/journal.h"
#include "core/keys/key_text.h"
#include "ui/keys/keyquestions.h"
#include "ui/keys/keysactions_work.h"

namespace cachedeck {

using namespace keys;

namespace {

JournalEntry editEntry(const KeysTarget& target, const QByteArray& name, const QString& phase, const QString& outcome) {
  JournalEntry entry;
  entry.action = QStringLiteral("keys.edit");
  entry.phase = phase;
  entry.outcome = outcome;
  entry.profile = target.profile;
  entry.where = environmentKey(target.environment) + QStringLiteral(" %1 db %2").arg(target.redis.endpoint(), QString::number(target.redis.database));
  entry.text = shownKey(name, 64);
  return entry;
}

}  // namespace

// The guard's copy waits for the journal on a worker and takes the guard's place then.
void KeysActions::unlock(const QString& reason) {
  if (!m_guard) return void(Q_EMIT unlockFailed(m_unavailable));
  struct Unlocked {
    std::shared_ptr<Guard> guard;
    Result<void> result;
  };
  m_work->notes.post(
      this,
      [guard = std::make_shared<Guard>(*m_guard), journal = m_journal, reason, &clock = m_clock](std::stop_token) {
        const Result<void> result = guard->unlock(reason, clock);
        return Unlocked{guard, result};
      },
      [this, reason, generation = m_generation](const Unlocked& unlocked) {
        if (generation != m_generation) return;  // locked since
        if (!unlocked.result) return void(Q_EMIT unlockFailed(unlocked.result.error().message));
        m_reason = reason.trimmed();
        m_guard = std::make_unique<Guard>(*unlocked.guard);
        Q_EMIT guardChanged();
      });
}

void KeysActions::lock() {
  ++m_generation;
  if (m_guard) m_guard->lock();
  Q_EMIT guardChanged();
}

void KeysActions::edit(const QByteArray& name, const QByteArray& before, const QByteArray& after) {
  const Result<WritePermit> permit = m_guard ? m_guard->permit(tr("change a value"), m_clock) : Result<WritePermit>(fail(Error::Kind::Permission, m_unavailable));
  if (!permit) return void(Q_EMIT edited(name, permit.error().message));
  struct Edit {
    QString problem;
    QList<JournalEntry> entries;
  };
  m_work->notes.post(
      this,
      [journal = m_journal, target = m_target, permit = *permit, name, before, after](std::stop_token stop) -> Edit {
        const Result<JournalEntry> begun = journal->append(editEntry(target, name, QStringLiteral("begin"), {}));
        if (!begun) return {begun.error().message, {}};  // nothing is changed that the journal does not have
        KeyLink link(target.redis, permit);
        const Result<RedisConnection*> connection = link.to(name, stop);
        const Result<void> result = connection ? editString(**connection, name, before, after, stop) : Result<void>(connection.error());
        const Result<JournalEntry> ended = journal->append(editEntry(target, name, QStringLiteral("end"), result ? QStringLiteral("done") : QStringLiteral("failed")));
        Edit edit{result ? QString() : result.error().message, {*begun}};
        if (ended) edit.entries.append(*ended);
        return edit;
      },
      [this, name](const Edit& edit) {
        for (const JournalEntry& entry : edit.entries) Q_EMIT journaled(entry);
        Q_EMIT edited(name, edit.problem);
      });
}

void KeysActions::writeList(const KeyScope& scope) {
  if (!m_work) return;
  m_work->notes.post(
      this, [file = keyListFile(m_target, scope), names = scope.selector.names](std::stop_token) { return writeKeyList(file, names); },
      [this](const Result<void>& written) { Q_EMIT listWritten(written ? QString() : written.error().message); });
}

}  // namespace cachedeck
