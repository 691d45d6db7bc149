// SPDX-License-Identifier: GPL-3.0-or-later
// What is read before somebody says yes: previews, and the list of operations.
#include "core/journal/journal.h"
#include "ui/keys/keysactions_work.h"

namespace cachedeck {

using namespace keys;

template <typename Preview, typename Job, typename Done>
void KeysActions::look(Job job, Done done) {
  if (!m_work || !m_guard || m_state == State::Running) return;
  cancel();
  m_work->worker.post(
      this,
      [job, journal = m_journal, target = m_target, key = m_key, &clock = m_clock](std::stop_token stop) -> Result<Preview> {
        const RunPlace place{operationsFolder(target), key, *journal, target.profile, environmentKey(target.environment), clock};
        return job(place, target.redis, stop);
      },
      [this, done, number = ++m_lookNumber](const Result<Preview>& preview) {
        if (number != m_lookNumber) return;  // somebody went on meanwhile
        if (preview) done(*preview);
        else Q_EMIT previewFailed(preview.error());
      });
}

void KeysActions::previewUndo(const QString& id) {
  look<UndoPreview>([id](const RunPlace& place, const RedisOptions&, const std::stop_token&) { return keys::previewUndo(place, id); }, [this](const UndoPreview& preview) { Q_EMIT undoPreviewed(preview); });
}

void KeysActions::previewResume(const QString& id) {
  look<ResumePreview>([id](const RunPlace& place, const RedisOptions&, const std::stop_token&) { return keys::previewResume(place, id); },
                      [this](const ResumePreview& preview) { Q_EMIT resumePreviewed(preview); });
}

void KeysActions::planFlush() {
  look<FlushPlan>(
      [&clock = m_clock](const RunPlace&, const RedisOptions& redis, const std::stop_token& stop) -> Result<FlushPlan> {
        RedisConnection connection(redis);
        if (const Result<void> opened = connection.open(stop); !opened) return opened.error();
        return keys::planFlush(connection, false, clock, stop);
      },
      [this](const FlushPlan& plan) { Q_EMIT flushPlanned(plan); });
}

void KeysActions::findOperations() {
  if (!m_work || !m_guard) return;
  OperationFilter ours;
  ours.profile = m_target.profile;
  ours.endpoint = m_target.redis.endpoint();
  ours.database = m_target.redis.database;
  m_work->worker.post(
      this, [folder = operationsFolder(m_target), key = m_key, ours](std::stop_token) { return operationStates(folder, key, ours); },
      [this](const QList<OperationState>& found) { Q_EMIT operationsCame(found); });
}

}  // namespace cachedeck
